// One frame: everything a view or a widget needs while it draws.
//
// A frame lives for one drawing and is passed by reference; what must survive it lies in Memory,
// by item id. Lengths are layout units (CSS pixels divided by the text scale).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "client/fonts.h"
#include "client/format.h"
#include "client/input.h"
#include "client/pictures.h"
#include "client/texts.h"
#include "client/theme.h"
#include "client/widgets/access.h"
#include "client/widgets/rect.h"
#include "icons.gen.h"

struct ImDrawList;

namespace banyan::ui {

class AppShell;

// Takes messages to the page that owns the DOM (web/messages.md). Headless runs record them.
class Page {
 public:
  virtual ~Page() = default;
  virtual void send(std::string_view json) = 0;
  // A file for the person, as a download or handed to another app; answered by Client::saved().
  virtual void save(int request, bool share, std::string_view name,
                    std::span<const std::uint8_t> bytes) = 0;
};

struct ScrollMemory {
  double offset = 0;       // how far the content moved up (or left)
  double extent = 0;       // the content's length, measured last frame
  double shown_ms = -1e9;  // when the bar was last of use
  float reached = 0;       // what the widest edge of the view showed
};
struct EaseMemory {
  float from = 0, to = 0;
  double start_ms = 0;
  bool known = false;
};
struct FieldMemory {
  std::string seen = {};       // the value as the page has it
  std::uint32_t revision = 0;  // grows when the program changes the value
  bool known = false, composing = false;
};
// What widgets remember from frame to frame, by item id.
struct Memory {
  std::unordered_map<Id, ScrollMemory> scrolls;
  std::unordered_map<Id, EaseMemory> eases;
  std::unordered_map<Id, FieldMemory> fields;
  std::unordered_map<Id, int> tabs;  // the one that was shown last
};

struct Screen {
  float width = 1280, height = 800;  // CSS pixels
  float device_ratio = 1;
  float text_scale = 1;
  float inset_top = 0, inset_bottom = 0;  // cut-outs and system bars, CSS pixels
  float keyboard = 0;                     // covered from below by a soft keyboard, CSS pixels
  bool reduced_motion = false;
  bool dark = false;  // what the system prefers
};

struct Services {
  AppShell& shell;
  Input& input;
  Access& access;
  Fonts& fonts;
  Texts& texts;
  Page& page;
  Memory& memory;
  Pictures& pictures;
};

class Frame {
 public:
  Frame(const Services& services, const Theme& theme_now, const Screen& screen_now, double now,
        format::Clock wall_clock);

  const Theme& theme;
  const Screen& screen;
  const double now_ms;        // monotonic
  const format::Clock clock;  // the person's wall clock
  ImDrawList* draw = nullptr;
  Rect area;  // the whole screen in layout units

  // An item that the keyboard reached in this frame: the scrolling area around it shows it.
  struct FocusTarget {
    bool wanted = false;
    Rect rect = {};
  } focus_target;

  AppShell& shell;  // where to go, toasts, sheets, dialogs
  Input& input;
  Access& access;
  Texts& texts;
  Page& page;
  Memory& memory;
  Pictures& pictures;

  Breakpoint breakpoint() const { return breakpoint_; }
  bool phone() const { return breakpoint_ == Breakpoint::phone; }
  // Large type on a phone: what stands side by side elsewhere goes one under the other.
  bool tight() const { return area.w < 280; }
  bool low() const { return area.h < 480; }
  float density() const { return density_; }  // device pixels in one unit
  float snap(float v) const;                  // to a device pixel
  float gutter() const;

  std::uint32_t color(Color name) const { return theme.color(name); }
  std::string_view t(T key) const { return texts.get(key); }
  std::string fill(T key, TextValues values) const { return texts.fill(key, values); }
  std::string count(T key, std::int64_t n, TextValues more = {}) const {
    return texts.count(key, n, more);
  }

  // Ids depend on the scopes around them (see IdScope).
  Id id(std::string_view name) const;
  Id id(std::uint64_t number) const;

  // 0..1 on the way to `on`, moving over `ms`; asks for the frames it needs.
  float ease(Id item, bool on, float ms);
  void redraw() { redraw_ = true; }  // another frame, as soon as possible
  void wake_in(double ms);           // another frame, later
  bool wants_redraw() const { return redraw_; }
  double wakes_at_ms() const { return wake_at_ms_; }  // negative: never

  ImFontBaked* baked(Weight weight, float size) { return fonts_.baked(weight, size, density_); }
  ImFontBaked* baked_icons(float size) { return fonts_.icons(size, density_); }

 private:
  Fonts& fonts_;
  float density_ = 1;
  Breakpoint breakpoint_ = Breakpoint::tablet;
  bool redraw_ = false;
  double wake_at_ms_ = -1;
};

// Names for the items inside: give each row of a list the id of its record.
class IdScope {
 public:
  explicit IdScope(std::string_view name);
  explicit IdScope(std::uint64_t number);
  ~IdScope();
  IdScope(const IdScope&) = delete;
  IdScope& operator=(const IdScope&) = delete;
};

// Nothing outside `rect` is drawn or pressed while this lives.
class ClipScope {
 public:
  ClipScope(Frame& frame, const Rect& rect);
  ~ClipScope();
  ClipScope(const ClipScope&) = delete;
  ClipScope& operator=(const ClipScope&) = delete;
};

// Items inside lie in one accessible group.
class GroupScope {
 public:
  GroupScope(Frame& frame, Role role, std::string_view name, const Rect& rect,
             std::uint32_t states = 0);
  ~GroupScope();
  GroupScope(const GroupScope&) = delete;
  GroupScope& operator=(const GroupScope&) = delete;

 private:
  Frame& frame_;
};

}  // namespace banyan::ui
