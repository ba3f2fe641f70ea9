#include "client/frame.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <cmath>

namespace banyan::ui {
namespace {

Breakpoint breakpoint_for(float width) {
  if (width < breakpoint::kTablet) return Breakpoint::phone;
  return width < breakpoint::kDesktop ? Breakpoint::tablet : Breakpoint::desktop;
}

}  // namespace

Frame::Frame(const Services& services, const Theme& theme_now, const Screen& screen_now, double now,
             format::Clock wall_clock)
    : theme(theme_now),
      screen(screen_now),
      now_ms(now),
      clock(wall_clock),
      area{0, 0, screen_now.width / screen_now.text_scale,
           screen_now.height / screen_now.text_scale},
      shell(services.shell),
      input(services.input),
      access(services.access),
      texts(services.texts),
      page(services.page),
      memory(services.memory),
      pictures(services.pictures),
      fonts_(services.fonts),
      density_(screen_now.device_ratio * screen_now.text_scale),
      breakpoint_(breakpoint_for(area.w)) {}

float Frame::snap(float v) const { return std::round(v * density_) / density_; }

float Frame::gutter() const {
  if (phone()) return size::kGap;
  return breakpoint_ == Breakpoint::desktop ? 24 : size::kGutter;
}

Id Frame::id(std::string_view name) const {
  return ImGui::GetCurrentWindow()->GetID(name.data(), name.data() + name.size());
}

Id Frame::id(std::uint64_t number) const {
  const char* bytes = reinterpret_cast<const char*>(&number);
  return ImGui::GetCurrentWindow()->GetID(bytes, bytes + sizeof number);
}

float Frame::ease(Id item, bool on, float ms) {
  EaseMemory& memo = memory.eases[item];
  const float target = on ? 1.0f : 0.0f;
  if (!memo.known || screen.reduced_motion || theme.sunlight()) {
    memo = {target, target, now_ms, true};
    return target;
  }
  const auto part = [&] { return std::min(1.0f, static_cast<float>(now_ms - memo.start_ms) / ms); };
  const auto value = [&] {
    const float left = 1 - part();
    return memo.from + (memo.to - memo.from) * (1 - left * left * left);  // ease-out cubic
  };
  if (memo.to != target) memo = {value(), target, now_ms, true};
  if (memo.from == memo.to) return memo.to;
  if (part() >= 1) {
    memo.from = memo.to;
    return memo.to;
  }
  redraw();
  return value();
}

void Frame::wake_in(double ms) {
  const double at = now_ms + ms;
  if (wake_at_ms_ < 0 || at < wake_at_ms_) wake_at_ms_ = at;
}

IdScope::IdScope(std::string_view name) { ImGui::PushID(name.data(), name.data() + name.size()); }

IdScope::IdScope(std::uint64_t number) {
  const char* bytes = reinterpret_cast<const char*>(&number);
  ImGui::PushID(bytes, bytes + sizeof number);
}

IdScope::~IdScope() { ImGui::PopID(); }

ClipScope::ClipScope(Frame& frame, const Rect& rect) {
  const float left = frame.snap(rect.x), top = frame.snap(rect.y);
  ImGui::PushClipRect({left, top}, {frame.snap(rect.right()), frame.snap(rect.bottom())}, true);
}

ClipScope::~ClipScope() { ImGui::PopClipRect(); }

GroupScope::GroupScope(Frame& frame, Role role, std::string_view name, const Rect& rect,
                       std::uint32_t states)
    : frame_(frame) {
  std::string own = "group:";
  own += name;
  frame.access.begin_group(frame.id(own), role, name, rect, states);
}

GroupScope::~GroupScope() { frame_.access.end_group(); }

}  // namespace banyan::ui
