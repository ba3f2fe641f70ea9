#include "client/input.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace banyan::ui {
namespace {

constexpr double kCoastMs = 325;         // speed falls to 37 % in this time, as on common phones
constexpr float kCoastSpeedMin = 0.02f;  // units a millisecond: slower than this stands still
constexpr float kThrowMax = 8;           // pixels a millisecond: the fastest that Android throws
constexpr double kTrailMs = 100;         // the last stretch of a drag decides its speed

}  // namespace

void Input::pointer(const PointerEvent& event) {
  if (event.action != PointerAction::wheel) kind_ = event.kind;
  switch (event.action) {
    case PointerAction::down: return start(event);
    case PointerAction::move: return follow(event);
    case PointerAction::up: return finish(event, false);
    case PointerAction::cancel: return finish(event, true);
    case PointerAction::leave:
      hovered_ = 0;
      at_ = {-1, -1};
      return;
    case PointerAction::wheel: return wheel(event);
    case PointerAction::context:
      if (const Id item = access_.item_at(event.at); item != 0) contexts_.push_back(item);
      return;
  }
}

void Input::start(const PointerEvent& event) {
  at_ = down_at_ = event.at;
  down_ms_ = event.ms;
  down_ = true;
  dragging_ = long_pressed_ = false;
  trail_ = {{event.at, event.ms}};
  // A finger on a coasting list stops it, and presses nothing.
  const bool caught = coasting_ != 0;
  coasting_ = 0;
  pressed_ = caught ? 0 : access_.item_at(event.at);
  hovered_ = kind_ == PointerKind::mouse ? pressed_ : 0;
  // Areas that only follow a drag (a scroll bar) take a mouse at once; see follow() for fingers.
  dragged_ = 0;
}

void Input::follow(const PointerEvent& event) {
  const Vec before = at_;
  at_ = event.at;
  if (kind_ == PointerKind::mouse) hovered_ = access_.item_at(event.at);
  if (!down_ || kind_ == PointerKind::mouse) return;
  trail_.push_back({event.at, event.ms});
  while (trail_.size() > 2 && event.ms - trail_.front().ms > kTrailMs) trail_.erase(trail_.begin());
  const float dx = event.at.x - down_at_.x, dy = event.at.y - down_at_.y;
  if (!dragging_ && !long_pressed_ && std::hypot(dx, dy) >= kTapSlop) {
    dragging_ = true;
    across_ = std::abs(dx) > std::abs(dy);
    dragged_ = access_.drag_area_at(down_at_, across_);
    pressed_ = 0;
    drags_[dragged_].x += across_ ? dx : 0;
    drags_[dragged_].y += across_ ? 0 : dy;
    return;
  }
  if (!dragging_) return;
  (across_ ? drags_[dragged_].x : drags_[dragged_].y) +=
      across_ ? event.at.x - before.x : event.at.y - before.y;
}

Vec Input::speed(double now_ms) const {
  if (trail_.size() < 2) return {};
  const Sample& first = trail_.front();
  const Sample& last = trail_.back();
  // A finger that rested before it left does not throw.
  if (now_ms - last.ms > kTrailMs || last.ms <= first.ms) return {};
  const auto ms = static_cast<float>(last.ms - first.ms);
  const auto capped = [&](float way) { return std::clamp(way / ms, -kThrowMax, kThrowMax); };
  return {across_ ? capped(last.at.x - first.at.x) : 0,
          across_ ? 0 : capped(last.at.y - first.at.y)};
}

void Input::finish(const PointerEvent& event, bool cancelled) {
  if (!down_) return;
  down_ = false;
  if (dragging_ && dragged_ != 0 && !cancelled) {
    released_ = dragged_;
    release_speed_ = speed(event.ms);
    coasting_ = dragged_;
    coast_speed_ = release_speed_;
    last_ms_ = event.ms;
  } else if (pressed_ != 0 && !cancelled && !long_pressed_) {
    if (access_.item_at(event.at) == pressed_) clicks_.push_back(pressed_);
  }
  pressed_ = dragged_ = 0;
  dragging_ = false;
  if (kind_ != PointerKind::mouse) hovered_ = 0;
}

void Input::wheel(const PointerEvent& event) {
  const bool across = std::abs(event.wheel.x) > std::abs(event.wheel.y);
  Id area = access_.drag_area_at(event.at, across);
  Vec turn = event.wheel;
  if (area == 0 && !across) {  // a plain wheel over a row of chips moves the row
    area = access_.drag_area_at(event.at, true);
    turn = {turn.y, 0};
  }
  if (area == 0) return;
  coasting_ = 0;
  drags_[area].x -= turn.x;
  drags_[area].y -= turn.y;
}

void Input::focus(Id item, bool visible) {
  if (focus_ != item) arrived_ = item;
  focus_ = item;
  focus_visible_ = visible;
}

bool Input::tick(double now_ms) {
  typing_ = has_text();
  if (down_ && !dragging_ && !long_pressed_ && pressed_ != 0 && now_ms - down_ms_ >= kLongPressMs) {
    const AccessNode* node = access_.find(pressed_);
    if (node != nullptr && (node->states & state::kContext) != 0) {
      long_pressed_ = true;
      contexts_.push_back(pressed_);
      pressed_ = 0;
    }
  }
  if (coasting_ == 0) return false;
  const double ms = std::min(now_ms - last_ms_, 64.0);
  last_ms_ = now_ms;
  if (ms <= 0) return true;
  // The distance is the integral of the falling speed, so it does not depend on the frame rate.
  const auto left = static_cast<float>(std::exp(-ms / kCoastMs));
  const auto stretch = static_cast<float>(kCoastMs) * (1 - left);
  drags_[coasting_].x += coast_speed_.x * stretch;
  drags_[coasting_].y += coast_speed_.y * stretch;
  coast_speed_ = {coast_speed_.x * left, coast_speed_.y * left};
  if (std::hypot(coast_speed_.x, coast_speed_.y) < kCoastSpeedMin) coasting_ = 0;
  return coasting_ != 0;
}

double Input::wake_at_ms() const {
  return down_ && !dragging_ && !long_pressed_ && pressed_ != 0 ? down_ms_ + kLongPressMs : -1;
}

bool Input::end_frame() {
  drags_.clear();
  released_ = 0;
  arrived_ = 0;
  // An edit of a field that is not on the screen any more has nowhere to go.
  edits_.clear();
  if (std::exchange(typing_, false)) {
    return !clicks_.empty() || !contexts_.empty() || !keys_.empty();
  }
  clicks_.clear();
  contexts_.clear();
  keys_.clear();
  return false;
}

bool Input::take(std::vector<Id>& list, Id item) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] != item) continue;
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

bool Input::take_key(std::string_view name) {
  if (typing_) return false;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name != name) continue;
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

bool Input::take_edit(Id field, TextEdit& out) {
  const auto found = edits_.find(field);
  if (found == edits_.end()) return false;
  out = std::move(found->second);
  edits_.erase(found);
  return true;
}

Vec Input::take_drag(Id area) {
  const auto found = drags_.find(area);
  if (found == drags_.end()) return {};
  const Vec moved = found->second;
  drags_.erase(found);
  return moved;
}

bool Input::take_release(Id area, Vec& out) {
  if (released_ != area || area == 0) return false;
  released_ = 0;
  out = release_speed_;
  return true;
}

void Input::stop_coasting(Id area) {
  if (coasting_ == area) coasting_ = 0;
}

bool Input::take_focus_arrival(Id item) {
  if (arrived_ != item || item == 0) return false;
  arrived_ = 0;
  return true;
}

}  // namespace banyan::ui
