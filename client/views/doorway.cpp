#include "client/views/doorway.h"

#include <array>

#include "client/widgets/avatar.h"
#include "client/widgets/draw.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"
#include "shared/app/app.h"

namespace banyan::ui {

namespace {

constexpr float kFormWidth = 440;
constexpr TextStyle kPromise{32, 44, Weight::w700};

// A crown of circles, a trunk, and roots that reach the ground on their own.
void tree(Frame& frame, const Rect& rect) {
  const std::uint32_t leaf = frame.color(Color::hero_leaf);
  const float cx = rect.x + rect.w / 2, ground = rect.bottom();
  const float unit = std::min(rect.w / 400, rect.h / 330);
  struct Blob {
    float x, y, r;
  };
  constexpr std::array<Blob, 6> kCrown{
      {{-120, 120, 60}, {-70, 80, 62}, {0, 72, 74}, {76, 86, 64}, {122, 124, 58}, {0, 128, 70}}};
  for (const Blob& blob : kCrown) {
    circle(frame, {cx + blob.x * unit, rect.y + blob.y * unit}, blob.r * unit, leaf);
  }
  fill(frame, {cx - 150 * unit, rect.y + 118 * unit, 300 * unit, 50 * unit}, leaf, 24 * unit);
  fill(frame, {cx - 11 * unit, rect.y + 150 * unit, 22 * unit, ground - rect.y - 150 * unit}, leaf);
  line(frame, {cx - 190 * unit, ground}, {cx + 190 * unit, ground}, frame.color(Color::hero_line),
       2);
  for (int i = -5; i <= 5; ++i) {
    if (i == 0) continue;
    const float x = cx + static_cast<float>(i) * 29 * unit;
    const bool rooted = i % 2 == 0;
    const float end =
        rooted ? ground : rect.y + (190 + 22 * static_cast<float>((i + 6) % 3)) * unit;
    line(frame, {x, rect.y + 160 * unit}, {x, end}, leaf, 3 * unit);
    circle(frame, {x, end}, 5 * unit, frame.color(rooted ? Color::hero_mark : Color::on_hero_2));
  }
  circle(frame, {cx, ground}, 8 * unit, frame.color(Color::hero_mark));
}

void name_plate(Frame& frame, const Rect& rect, std::string_view organisation, bool on_hero) {
  Rect row = rect;
  brand_mark(frame, row.cut_left(44, 12).centered(44, 44));
  const Color strong = on_hero ? Color::on_hero : Color::text;
  const Color soft = on_hero ? Color::on_hero_2 : Color::text_2;
  const std::string_view name = frame.t(frame.tight() ? T::app_name : T::app_full_name);
  if (organisation.empty()) {
    label(frame, row, name, type::kTitle, strong);
    return;
  }
  label(frame, row.cut_top(26), name, type::kTitle, strong);
  label(frame, row.cut_top(18), organisation, type::kSmall, soft);
}

}  // namespace

Rect doorway(Frame& frame, Rect area, std::string_view organisation) {
  if (frame.phone() || frame.low()) {
    Rect column = area.centered(std::min(area.w - 32, kFormWidth), area.h - 48);
    name_plate(frame, column.cut_top(44, 32), organisation, false);
    return column;
  }
  Rect wall = area.cut_left(area.w * 0.42f);
  gradient(frame, wall, Color::hero_2, Color::hero_1, 0, true);
  Rect inside = wall.grown(-40);
  name_plate(frame, inside.cut_top(44), organisation, true);
  Rect foot = inside.cut_bottom(128);
  label(frame, foot.cut_top(44, 8), frame.t(T::unlock_promise), kPromise, Color::on_hero);
  paragraph(frame, foot, frame.t(T::unlock_promise_note), type::kBody, Color::on_hero_2);
  tree(frame, inside.centered(inside.w, std::min(inside.h - 40, 330.0f)));
  return area.centered(std::min(area.w - 64, kFormWidth), area.h - 96);
}

std::string door_trouble(Frame& frame, const Error& error, bool enrolling) {
  switch (error.code) {
    case ErrorCode::Locked:
      return std::string(frame.t(enrolling ? T::unlock_busy_elsewhere : T::unlock_wrong));
    case ErrorCode::Unavailable: return std::string(frame.t(T::unlock_no_network));
    case ErrorCode::Refused:
    case ErrorCode::NotFound:
      return std::string(frame.t(enrolling ? T::unlock_code_refused : T::unlock_damaged));
    case ErrorCode::Invalid:
      return std::string(
          frame.t(error.detail == "passphrase" ? T::unlock_weak : T::unlock_code_bad));
    case ErrorCode::Conflict: return std::string(frame.t(T::unlock_real_bank));
    case ErrorCode::StorageFull: return std::string(frame.t(T::unlock_full));
    case ErrorCode::Newer: return std::string(frame.t(T::unlock_newer));
    default: return std::string(frame.t(T::unlock_damaged));
  }
}

std::string door_wait(Frame& frame, std::int64_t wait_ms) {
  if (wait_ms <= 0) return {};
  frame.wake_in(1'000);
  return frame.fill(T::unlock_wait, {{"span", format::span(frame.texts, wait_ms + 59'999)}});
}

std::string passphrase_flaw(Frame& frame, std::string_view passphrase) {
  switch (flaw_of(passphrase)) {
    case PassphraseFlaw::TooShort: return std::string(frame.t(T::welcome_short));
    case PassphraseFlaw::TooCommon: return std::string(frame.t(T::welcome_common));
    case PassphraseFlaw::None: return {};
  }
  return {};
}

}  // namespace banyan::ui
