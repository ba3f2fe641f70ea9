// Evidence of a visit, its photos, and how the record ends: saved or given up.
#include <algorithm>

#include "client/views/jpeg_size.h"
#include "client/views/visit_view.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"
#include "shared/base/date.h"
#include "shared/base/text.h"

namespace banyan::ui {

namespace {

constexpr std::size_t kPhotosMax = 9;
constexpr float kTileHeight = 98;
constexpr std::int64_t kRoughMetres = 200;

// True when the person wants this picture out of the record.
bool photo_tile(Frame& frame, const Rect& rect, std::string_view name, std::size_t bytes) {
  const Response pressed =
      interact(frame, frame.id("photo"), rect, {.role = Role::button, .name = name});
  gradient(frame, rect, Color::c6, Color::text_2, radius::kButton, true);
  paint_icon(frame, rect, Icon::image, 32, frame.color(Color::on_hero));
  const Rect lock = Rect{rect.right() - 32, rect.y + 8, 24, 24};
  circle(frame, lock.center(), 12, frame.color(Color::scrim));
  paint_icon(frame, lock, Icon::lock, 14, frame.color(Color::on_hero));
  const std::string size = format::bytes(frame.texts, static_cast<std::int64_t>(bytes));
  paint_line(frame, {rect.x + 8, rect.bottom() - 24, rect.w - 16, 18}, size, type::kCaption,
             frame.color(Color::on_hero));
  if (pressed.focused) focus_ring(frame, rect, radius::kButton);
  return pressed.clicked;
}

bool take_tile(Frame& frame, const Rect& rect) {
  const Response pressed = interact(frame, frame.id("take"), rect,
                                    {.role = Role::button, .name = frame.t(T::visit_take)});
  if (pressed.held || pressed.hovered) {
    fill(frame, rect, frame.color(pressed.held ? Color::press : Color::hover), radius::kButton);
  }
  dashed_outline(frame, rect, frame.color(Color::line_strong), radius::kButton);
  Rect inside = rect.centered(rect.w, 50);
  paint_icon(frame, inside.cut_top(28, 4), Icon::camera, 24, frame.color(Color::primary));
  paint_line(frame, inside, frame.t(T::visit_take), type::kLabel, frame.color(Color::primary),
             Align::center);
  if (pressed.focused) focus_ring(frame, rect, radius::kButton);
  return pressed.clicked;
}

}  // namespace

float VisitView::photos(Frame& frame, Draft& draft, Rect column) {
  IdScope scope("photos");
  std::vector<Photo>& all = draft.report.photos;
  const std::string count =
      frame.count(T::visit_photo_limit, static_cast<std::int64_t>(all.size()));
  label_pieces(frame, column.cut_top(18, 8),
               {{frame.t(T::visit_photo_title), type::kLabel, Color::text_2},
                {"  ", type::kLabel, Color::text_2},
                {count, type::kSmall, Color::text_3}});
  const int across = frame.phone() ? 3 : 4;
  Rect row{};
  for (std::size_t i = 0; i <= all.size() && i < kPhotosMax; ++i) {
    const int place = static_cast<int>(i) % across;
    if (place == 0) row = column.cut_top(kTileHeight, 8);
    const Rect tile = row.column(place, across, 8);
    if (i == all.size()) {
      if (take_tile(frame, tile)) take_photo(frame);
      break;
    }
    IdScope one(i);
    const std::string name = frame.fill(T::visit_photo_item, {{"n", std::to_string(i + 1)}});
    if (!photo_tile(frame, tile, name, static_cast<std::size_t>(all[i].size))) continue;
    frame.shell.ask({.title = name,
                     .text = std::string(frame.t(T::visit_photo_note)),
                     .confirm = std::string(frame.t(T::visit_remove)),
                     .danger = true,
                     .confirmed = [this, key = key_, hash = all[i].hash] {
                       const auto found = drafts_.find(key);
                       if (found == drafts_.end()) return;
                       std::erase_if(found->second.report.photos,
                                     [&](const Photo& photo) { return photo.hash == hash; });
                     }});
  }
  return column.y + 12;
}

void VisitView::take_photo(Frame& frame) {
  AppShell& shell = frame.shell;
  shell.pick_file(frame, "image/*", true, [this, &shell, key = key_](PickedFile file) {
    const auto found = drafts_.find(key);
    if (file.name.empty() || found == drafts_.end() || app_.session() != session_) return;
    const std::optional<JpegSize> size = jpeg_size(file.bytes);
    Result<Photo> photo = fail(ErrorCode::Invalid, "not a JPEG");
    if (size) photo = add_photo(*session_, file.bytes, size->width, size->height);
    if (photo.ok()) {
      found->second.report.photos.push_back(*photo);
      return;
    }
    shell.ask({.title = std::string(shell.texts().get(T::visit_photo_bad)),
               .text = std::string(shell.texts().get(T::visit_photo_bad_note)),
               .confirm = std::string(shell.texts().get(T::action_done)),
               .confirmed = [] {}});
  });
}

// Once, when the record begins, and again only when the person asks. Nothing waits for the answer.
void VisitView::locate(Frame& frame, Draft& draft) {
  draft.locating = Draft::Locating::Asked;
  frame.shell.find_place(frame, [this, key = key_](Fix fix) {
    const auto found = drafts_.find(key);
    if (found == drafts_.end() || app_.session() != session_) return;
    Draft& asked = found->second;
    if (fix.state != Fix::State::Found) {
      const bool placed = asked.report.accuracy_m > 0;  // an earlier place stands
      asked.locating = placed                             ? Draft::Locating::Found
                       : fix.state == Fix::State::Refused ? Draft::Locating::Refused
                                                          : Draft::Locating::Nowhere;
      return;
    }
    asked.locating = Draft::Locating::Found;
    asked.placed_ms = session_->now_ms();
    asked.report.place = fix.place;
    asked.report.accuracy_m = fix.accuracy_m;
  });
}

std::string VisitView::place_facts(Frame& frame, const Draft& draft) const {
  using Locating = Draft::Locating;
  switch (draft.locating) {
    case Locating::NotYet: return std::string(frame.t(T::visit_place_unasked));
    case Locating::Asked: return std::string(frame.t(T::visit_place_asking));
    case Locating::Refused: return std::string(frame.t(T::visit_place_refused));
    case Locating::Nowhere: return std::string(frame.t(T::visit_place_none));
    case Locating::Found: break;
  }
  if (draft.report.accuracy_m > kRoughMetres) {
    return frame.count(T::visit_place_rough, draft.report.accuracy_m);
  }
  return frame.count(T::visit_place_known, draft.report.accuracy_m,
                     {{"time", format::time(frame.clock, draft.placed_ms)}});
}

void VisitView::evidence(Frame& frame, Draft& draft, Rect rect) {
  using Locating = Draft::Locating;
  if (draft.locating == Locating::NotYet) locate(frame, draft);
  const VisitReport& report = draft.report;
  paint_card(frame, rect);
  const bool asking = draft.locating == Locating::Asked;
  if (card_head(frame, rect,
                {.title = frame.t(T::visit_evidence),
                 .action = asking ? std::string_view() : frame.t(T::visit_place_again)})) {
    locate(frame, draft);
  }
  rect = rect.inset(16, 4);
  const std::string arrived = format::time(frame.clock, report.arrived_ms);
  evidence_row(frame, rect.cut_top(56), Icon::map_pin, frame.t(T::visit_place),
               place_facts(frame, draft), draft.locating == Locating::Found);
  const auto photos = static_cast<std::int64_t>(report.photos.size());
  evidence_row(frame, rect.cut_top(56), Icon::camera,
               photos == 0 ? std::string(frame.t(T::visit_photos))
                           : frame.count(T::visit_photo_count, photos),
               frame.t(photos == 0 ? T::visit_photo_none : T::visit_photo_note), photos > 0);
  const std::int64_t here_ms = std::max<std::int64_t>(0, session_->now_ms() - report.arrived_ms);
  evidence_row(
      frame, rect.cut_top(56), Icon::clock, frame.t(T::visit_time),
      frame.fill(T::visit_time_facts,
                 {{"time", arrived},
                  {"span", format::span(frame.texts, std::max<std::int64_t>(here_ms, 60'000))}}),
      true);
  frame.wake_in(60'000);
}

void VisitView::draw_actions(Frame& frame, const Route& route, Rect rect) {
  Draft* draft = open(route);
  if (draft == nullptr) return;
  rect = rect.inset(frame.phone() ? size::kGap : frame.gutter(), (rect.h - size::kButton) / 2);
  const bool bad_day = !trim(draft->next_day).empty() && !parse_date(trim(draft->next_day));
  const bool short_of = draft->report.purpose == 0 || draft->report.outcome == 0;
  const ButtonSpec keep{.label = frame.t(T::visit_save),
                        .kind = ButtonKind::primary,
                        .icon = Icon::check,
                        .disabled = short_of || bad_day,
                        .reason = frame.t(bad_day ? T::visit_bad_day : T::visit_need_purpose)};
  const ButtonSpec leave{.label = frame.t(T::visit_discard)};
  if (frame.phone()) {
    if (button(frame, rect.column(0, 2, 8), leave)) return give_up(frame);
    if (button(frame, rect.column(1, 2, 8), keep)) save(frame, *draft);
    return;
  }
  if (button_right(frame, rect, keep)) return save(frame, *draft);
  if (button_right(frame, rect, leave)) return give_up(frame);
  if (button_left(frame, rect, {.label = frame.t(T::visit_draft), .kind = ButtonKind::quiet})) {
    frame.shell.toast({.text = std::string(frame.t(T::visit_draft_kept))});
    frame.shell.back();
  }
}

void VisitView::give_up(Frame& frame) {
  AppShell& shell = frame.shell;
  shell.ask({.title = std::string(frame.t(T::visit_give_up)),
             .text = std::string(frame.t(T::visit_give_up_note)),
             .confirm = std::string(frame.t(T::visit_give_up_yes)),
             .danger = true,
             .confirmed = [this, &shell, key = key_] {
               drafts_.erase(key);
               shell.back();
             }});
}

void VisitView::save(Frame& frame, Draft& draft) {
  AppShell& shell = frame.shell;
  draft.report.next_day = parse_date(trim(draft.next_day)).value_or(kNoDay);
  if (!save_visit(*session_, draft.report).ok()) {
    shell.ask({.title = std::string(frame.t(T::customer_not_saved)),
               .text = std::string(frame.t(T::customer_not_saved_note)),
               .confirm = std::string(frame.t(T::action_done)),
               .confirmed = [] {}});
    return;
  }
  drafts_.erase(key_);
  shell.toast({.text = std::string(frame.t(T::visit_saved))});
  shell.back();
}

}  // namespace banyan::ui
