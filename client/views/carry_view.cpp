#include "client/views/carry_view.h"

#include <algorithm>

#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"
#include "shared/app/photo_lane.h"

namespace banyan::ui {

namespace {

constexpr float kWidth = 720, kCarryPad = 16, kCarryHead = 48, kCarryProgress = 64;
constexpr std::string_view kFileType = ".banyan,application/octet-stream";

std::string file_name(DeviceId device, std::int64_t local_ms, bool answer) {
  const std::string kind = answer ? "-answer" : "";
  return "device-" + std::to_string(number(device)) + "-" + std::to_string(local_ms / 60'000) +
         kind + ".banyan";
}

// Buttons in a row, or under each other where they do not fit: the rows that they need.
struct ButtonRow {
  Frame& frame;
  std::span<const ButtonSpec> all;
  float width;

  bool stacked() const {
    float sum = 0;
    for (const ButtonSpec& one : all) sum += button_width(frame, one) + 8;
    return sum > width;
  }
  float height() const {
    return stacked() ? static_cast<float>(all.size()) * (size::kButton + 8) - 8 : size::kButton;
  }
  // The one pressed, or -1.
  int draw(Rect rect) const {
    int pressed = -1;
    const bool below = stacked();
    Rect row = rect;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool hit = below ? button(frame, rect.cut_top(size::kButton, 8), all[i])
                             : button_left(frame, row, all[i]);
      if (hit) pressed = static_cast<int>(i);
    }
    return pressed;
  }
};

}  // namespace

Surroundings CarryView::surroundings(Frame& frame, const Route&) {
  Surroundings out;
  out.title = frame.t(T::carry_title);
  out.subtitle = frame.t(T::carry_subtitle);
  out.sub_page = true;
  return out;
}

void CarryView::hidden() {
  screen_.stop();
  camera_.stop();
  said_.clear();
  trouble_.reset();
  read_ = false;
}

void CarryView::draw(Frame& frame, const Route& route, Rect area) {
  if (app_.session() == nullptr) return;
  const Rect inside = area.inset(frame.gutter(), 8);
  if (route.part(0) == "show" && screen_.showing()) {
    if (screen_.draw(frame, inside)) frame.shell.back();
    return;
  }
  if (route.part(0) == "scan") {
    const bool stopped = camera_.draw(frame, inside);
    const std::optional<Bytes> file = camera_.take();
    if (file) read(*file);
    if (!file && !stopped) return;
    camera_.stop();
    return frame.shell.back();
  }
  overview(frame, area);
}

void CarryView::overview(Frame& frame, Rect area) {
  screen_.stop();
  camera_.stop();
  Scroll scroll(frame, frame.id("carry"), area);
  Rect column = scroll.content().inset(frame.gutter(), 0);
  column = {column.x + std::max(0.0f, (column.w - kWidth) / 2), column.y,
            std::min(column.w, kWidth), 100'000};
  if (frame.phone()) column.cut_top(size::kGap);
  out(frame, column);
  in(frame, column);
  held(frame, column);
  scroll.end(column.y);
}

// ---- away

void CarryView::out(Frame& frame, Rect& column) {
  const auto waiting = static_cast<std::int64_t>(app_.session()->replica().pending_count());
  std::string words = waiting > 0 ? frame.count(T::carry_out_waiting, waiting)
                                  : std::string(frame.t(T::carry_out_none));
  const auto photos = app_.session()->photos().waiting();
  if (photos.ok() && photos->count > 0) words += frame.count(T::carry_photos, photos->count);
  const float width = column.w - 2 * kCarryPad;
  const ButtonSpec all[] = {
      {.label = frame.t(T::carry_save), .kind = ButtonKind::primary, .icon = Icon::download},
      {.label = frame.t(T::carry_share), .icon = Icon::share_2},
      {.label = frame.t(T::carry_codes), .icon = Icon::qr_code}};
  const ButtonRow buttons{frame, all, width};
  const float text = paragraph_height(frame, words, type::kSmall, width);
  const float said = said_.empty() ? 0 : note_height(frame, width, said_) + 12;
  Rect box =
      column.cut_top(kCarryHead + 12 + text + 12 + buttons.height() + said + kCarryPad, size::kGap);
  paint_card(frame, box);
  card_head(frame, box, {.title = frame.t(T::carry_out)});
  Rect inside = box.inset(kCarryPad, 12);
  paragraph(frame, inside.cut_top(text, 12), words, type::kSmall, Color::text_2);
  const int pressed = buttons.draw(inside.cut_top(buttons.height(), 12));
  if (!said_.empty()) {
    const Icon icon = said_tone_ == Tint::ok ? Icon::circle_check : Icon::circle_alert;
    note(frame, inside.cut_top(said - 12), icon, said_, said_tone_);
  }
  if (pressed == 0 || pressed == 1) save(frame, own(), pressed == 1);
  if (pressed == 2) show(frame, own());
}

Result<CarryView::Offer> CarryView::own() {
  Session& session = *app_.session();
  TRY_ASSIGN(Carrying::Packed packed, session.carrying().pack());
  Offer offer;
  offer.file = std::move(packed.file);
  offer.name = file_name(session.me().device, session.local_ms(session.now_ms()), false);
  offer.given = [this, last = packed.last] {
    if (app_.session() == nullptr) return;
    const Status marked = app_.session()->carrying().handed_over({{}, last});
    if (!marked.ok()) app_.session()->note(marked.error());
  };
  return offer;
}

Result<CarryView::Offer> CarryView::of(DeviceId device, sync::Heading heading) {
  Session& session = *app_.session();
  Offer offer;
  TRY_ASSIGN(offer.file, session.carrying().held_for(device, heading));
  const bool answer = heading == sync::Heading::ToDevice;
  offer.name = file_name(device, session.local_ms(session.now_ms()), answer);
  offer.given = [this, device, answer] {
    if (!answer || app_.session() == nullptr) return;
    const Status given = app_.session()->carrying().answers_given(device);
    if (!given.ok()) app_.session()->note(given.error());
  };
  return offer;
}

void CarryView::say(Tint tone, std::string words) {
  said_tone_ = tone;
  said_ = std::move(words);
}

void CarryView::save(Frame& frame, Result<Offer> offer, bool share) {
  frame.redraw();
  if (!offer.ok()) return say(Tint::danger, std::string(frame.t(T::carry_not_packed)));
  const std::string done = frame.fill(T::carry_saved, {{"name", offer->name}});
  const std::string not_done(frame.t(T::carry_not_saved));
  frame.shell.save_file(frame, share, offer->name, offer->file,
                        [this, alive = alive_, given = offer->given, done, not_done](bool saved) {
                          if (!*alive) return;
                          if (saved) given();
                          say(saved ? Tint::ok : Tint::warn, saved ? done : not_done);
                        });
}

void CarryView::show(Frame& frame, Result<Offer> offer) {
  frame.redraw();
  if (!offer.ok()) return say(Tint::danger, std::string(frame.t(T::carry_not_packed)));
  const auto bytes = static_cast<std::int64_t>(offer->file.size());
  const Status shown =
      screen_.show(std::move(offer->file), [&shell = frame.shell, given = offer->given] {
        given();
        shell.back();
      });
  if (!shown.ok()) {
    const std::string size = format::bytes(frame.texts, bytes);
    return say(Tint::warn, frame.fill(T::carry_show_large, {{"bytes", size}}));
  }
  frame.shell.go("#/carry/show");
}

// ---- here

void CarryView::in(Frame& frame, Rect& column) {
  Session& session = *app_.session();
  const bool reading = session.carrying().receiving();
  const std::string_view words = frame.t(T::carry_in_note);
  const float width = column.w - 2 * kCarryPad;
  const ButtonSpec all[] = {
      {.label = frame.t(T::carry_choose), .kind = ButtonKind::primary, .icon = Icon::file_text},
      {.label = frame.t(T::carry_scan), .icon = Icon::scan_line}};
  const ButtonRow buttons{frame, all, width};
  std::vector<ReadingLine> lines;
  if (trouble_) lines.push_back({Tint::warn, std::string(frame.t(*trouble_))});
  if (read_ && !reading && !trouble_) lines = reading_lines(frame, session);
  float below = reading ? kCarryProgress + 12 : 0;
  for (const ReadingLine& line : lines) below += note_height(frame, width, line.words) + 8;
  const float text = paragraph_height(frame, words, type::kSmall, width);
  Rect box = column.cut_top(
      kCarryHead + 12 + text + 12 + buttons.height() + 12 + below + kCarryPad - 12, size::kGap);
  paint_card(frame, box);
  card_head(frame, box, {.title = frame.t(T::carry_in)});
  Rect inside = box.inset(kCarryPad, 12);
  paragraph(frame, inside.cut_top(text, 12), words, type::kSmall, Color::text_2);
  const int pressed = buttons.draw(inside.cut_top(buttons.height(), 12));
  if (reading) {
    const Received& got = session.carrying().received();
    const std::string of = frame.fill(T::carry_reading_of, {{"done", std::to_string(got.done)},
                                                            {"all", std::to_string(got.parcels)}});
    const float part = static_cast<float>(got.done) / static_cast<float>(got.parcels);
    if (progress(frame, inside.cut_top(kCarryProgress, 12),
                 {.label = frame.t(T::carry_reading),
                  .detail = of,
                  .part = part,
                  .cancel = frame.t(T::action_stop)})) {
      session.carrying().stop_receiving();
    }
  }
  for (const ReadingLine& line : lines) {
    const Icon icon = line.tone == Tint::ok ? Icon::circle_check : Icon::info;
    note(frame, inside.cut_top(note_height(frame, width, line.words), 8), icon, line.words,
         line.tone);
  }
  if (pressed == 0) pick(frame);
  if (pressed == 1) frame.shell.go("#/carry/scan");
}

void CarryView::pick(Frame& frame) {
  frame.shell.pick_file(frame, kFileType, false, [this, alive = alive_](PickedFile file) {
    if (*alive && !file.name.empty()) read(std::move(file.bytes));
  });
}

void CarryView::read(Bytes file) {
  if (app_.session() == nullptr) return;
  Session& session = *app_.session();
  const Status begun = session.carrying().receive(std::move(file));
  read_ = begun.ok();
  trouble_.reset();
  if (begun.ok()) return;
  trouble_ = begun.error().code == ErrorCode::TooLarge ? T::carry_too_large : T::carry_nothing;
}

}  // namespace banyan::ui
