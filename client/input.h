// What a person does: pointers, keys, the text overlay and screen readers, turned into "this item
// was pressed" and "this area was dragged by so much".
//
// What was typed is taken before anything that was pressed or asked for in the same moment: a frame
// with waiting text gives only that, and the rest follows in the next one.
//
// Touch and mouse are told apart here and nowhere else. A finger that moves 10 units becomes a
// scroll and presses nothing; half a second without moving is a long press. Everything is judged
// against the last finished frame, which is what the person saw.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/widgets/access.h"

namespace banyan::ui {

enum class PointerKind : std::uint8_t { mouse, touch, pen };
enum class PointerAction : std::uint8_t { move, down, up, cancel, leave, wheel, context };

struct PointerEvent {
  PointerAction action{};
  PointerKind kind{};
  Vec at = {};     // layout units
  Vec wheel = {};  // layout units, for PointerAction::wheel
  double ms = 0;   // when it happened, on the same clock as the frames
};

struct KeyPress {
  std::string name = {};  // as the DOM calls it: "Escape", "Enter", "ArrowDown", "k"
  bool ctrl = false, shift = false, alt = false;
};

struct TextEdit {
  std::string value = {};
  bool composing = false;  // an input method is still at work: do not take it as the value
  bool finished = false;   // Enter was pressed or the field was left
  bool enter = false;
};

class Input {
 public:
  static constexpr float kTapSlop = 10;
  static constexpr double kLongPressMs = 500;

  explicit Input(const Access& access) : access_(access) {}

  // From the platform.
  void pointer(const PointerEvent& event);
  void key(KeyPress press) { keys_.push_back(std::move(press)); }
  void edit(Id field, TextEdit edit) { edits_[field] = std::move(edit); }
  void focus(Id item, bool visible);
  void activate(Id item) { clicks_.push_back(item); }
  void ask_context(Id item) { contexts_.push_back(item); }

  // Once a frame, before drawing and after it. tick() moves coasting areas on and fires long
  // presses; both are true while another frame must follow.
  bool tick(double now_ms);
  bool end_frame();
  // Text that no frame has given to its field yet.
  bool has_text() const { return !edits_.empty(); }
  // When a long press becomes due, or a negative number.
  double wake_at_ms() const;

  // For widgets.
  bool take_click(Id item) { return !typing_ && take(clicks_, item); }
  bool take_context(Id item) { return !typing_ && take(contexts_, item); }
  bool take_key(std::string_view name);
  // The person's edit of this field, once.
  bool take_edit(Id field, TextEdit& out);
  // How far this area was dragged, wheeled or coasted since the last frame.
  Vec take_drag(Id area);
  // The finger left this area just now, and how fast (units a millisecond).
  bool take_release(Id area, Vec& speed);
  void stop_coasting(Id area);

  bool hovered(Id item) const { return hovered_ == item && item != 0; }
  bool held(Id item) const { return pressed_ == item && item != 0 && !dragging_; }
  bool focused(Id item) const { return focus_ == item && item != 0; }
  bool focus_ring(Id item) const { return focused(item) && focus_visible_; }
  // True in the one frame after focus came to this item: it scrolls itself into view.
  bool take_focus_arrival(Id item);
  void show_focus_again() { arrived_ = focus_; }
  Id focus_id() const { return focus_; }
  Id hovered_item() const { return hovered_; }
  bool by_touch() const { return kind_ != PointerKind::mouse; }
  Vec position() const { return at_; }
  bool dragging() const { return dragging_; }

 private:
  struct Sample {
    Vec at = {};
    double ms;
  };
  static bool take(std::vector<Id>& list, Id item);
  void start(const PointerEvent& event);
  void follow(const PointerEvent& event);
  void finish(const PointerEvent& event, bool cancelled);
  void wheel(const PointerEvent& event);
  Vec speed(double now_ms) const;

  const Access& access_;
  PointerKind kind_ = PointerKind::mouse;
  Vec at_{-1, -1}, down_at_;
  double down_ms_ = 0;
  bool down_ = false, dragging_ = false, across_ = false, long_pressed_ = false;
  Id hovered_ = 0, pressed_ = 0, dragged_ = 0, focus_ = 0, arrived_ = 0;
  bool focus_visible_ = false;
  std::vector<Sample> trail_;
  std::vector<Id> clicks_, contexts_;
  std::vector<KeyPress> keys_;
  std::unordered_map<Id, TextEdit> edits_;
  bool typing_ = false;  // this frame gives text, and nothing else
  std::unordered_map<Id, Vec> drags_;
  Id released_ = 0;
  Vec release_speed_ = {};
  Id coasting_ = 0;
  Vec coast_speed_ = {};
  double last_ms_ = 0;
};

}  // namespace banyan::ui
