// What is on the screen, for screen readers, keyboards, the text overlay and tests.
//
// Dear ImGui's test-engine hooks report every item's id and rectangle; our widgets add role, name,
// value and state. Each frame's nodes are compared with the ones the page already has, and only
// what changed is sent. The same nodes answer which item a finger is on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/widgets/rect.h"

struct ImGuiContext;

namespace banyan::ui {

using Id = std::uint32_t;

enum class Role : std::uint8_t {
  none,
  text,
  heading,
  button,
  link,
  textbox,
  checkbox,
  radio,
  switcher,
  tab,
  row,
  listitem,
  image,
  progress,
  status,
  alert,
  group,
  list,
  table,
  tablist,
  radiogroup,
  navigation,
  main,
  banner,
  dialog,
};

// States, or-ed together.
namespace state {
inline constexpr std::uint32_t kDisabled = 1, kChecked = 2, kSelected = 4, kBusy = 8, kCurrent = 16,
                               kInvalid = 32, kRequired = 64, kReadOnly = 128, kMultiline = 256,
                               kSecret = 512, kContext = 1024, kExpanded = 2048, kCollapsed = 4096,
                               kModal = 8192, kNoFocus = 16384;
}  // namespace state

// How the page's real text field must look and which keyboard it raises.
struct TextEntry {
  std::string_view keyboard = "text";  // inputmode: text, tel, numeric, decimal, search
  std::string_view enter = "done";     // enterkeyhint: done, next, search, go
  std::string_view placeholder = {};
  float size = 16, line = 24;
  std::uint32_t color = 0, placeholder_color = 0;
  bool right_aligned = false;
  int length_max = 0;          // characters; 0 is no limit
  std::uint32_t revision = 0;  // grows when the program, not the person, changed the value
  Rect box = {};               // where the text itself lies
};

struct Described {
  Role role = Role::none;
  std::string_view name = {};
  std::string_view value = {};
  std::string_view hint = {};  // description: error words, help
  std::uint32_t states = 0;
  int level = 0;                   // of a heading
  int position = 0, set_size = 0;  // of a row in a long list, from 1
  const TextEntry* text = nullptr;
};

struct AccessNode {
  Id id = 0, parent = 0;
  Role role = Role::none;
  std::uint8_t layer = 0;
  std::uint32_t states = 0;
  Rect rect = {}, clip = {};
  std::string name = {}, value = {}, hint = {},
              extra = {};  // extra: ready-made JSON of the text entry
  int level = 0, position = 0, set_size = 0;
};

// A place that follows a finger or a wheel: a scrolling area, a sheet's handle.
struct DragArea {
  Id id = 0;
  Rect rect = {};
  bool across = false, down = false;  // which directions it takes
  std::uint8_t layer = 0;
};

class Access {
 public:
  // `context` must outlive this object; its hooks then report here.
  explicit Access(ImGuiContext& context);

  void begin_frame(const Rect& screen);
  // What the page must learn, as a JSON message, or nothing.
  std::string end_frame();
  // Forget what the page knows: it is new, or it lost its tree.
  void resend() { sent_.clear(), sent_order_.clear(); }

  // Adds role and name to the item that was just added.
  void describe(Id id, const Described& what);
  // Text that a person reads but cannot press.
  void add_text(Role role, const Rect& rect, std::string_view text, int level = 0);
  // Nodes added until the matching end_group() lie inside this one.
  void begin_group(Id id, Role role, std::string_view name, const Rect& rect,
                   std::uint32_t states = 0);
  void end_group();
  void add_drag_area(Id id, const Rect& rect, bool across, bool down) {
    drag_areas_.push_back({id, rect, across, down, layer_});
  }

  // Items of lower layers cannot be reached while a higher one is modal.
  void begin_layer(bool modal);
  void end_layer();

  // Of the last finished frame, topmost first; 0 where there is nothing.
  Id item_at(Vec point) const;
  Id drag_area_at(Vec point, bool across) const;
  const AccessNode* find(Id id) const;
  const std::vector<AccessNode>& nodes() const { return last_; }
  // Ids that two items of one frame shared: a mistake in a view.
  int clashes() const { return clashes_; }

  // Called by the hook.
  void item_added(Id id, const Rect& rect, const Rect& clip);

 private:
  void wrap_lists();
  std::string diff();

  std::vector<AccessNode> current_, last_;
  std::vector<DragArea> drag_areas_, last_drag_areas_;
  std::vector<Id> parents_;
  std::unordered_map<Id, std::string> sent_;
  std::vector<Id> sent_order_;
  Rect screen_;
  std::uint8_t layer_ = 0, modal_ = 0, last_modal_ = 0;
  std::uint32_t texts_ = 0;
  int clashes_ = 0;
};

}  // namespace banyan::ui
