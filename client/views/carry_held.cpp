// What is carried for colleagues: a line for each device, and what can be done with it.
#include "client/views/carry_view.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

constexpr float kEmptyHeight = 220, kHeldSheetHeight = 420;

std::string device_words(Frame& frame, DeviceId device) {
  return frame.fill(T::carry_device, {{"device", std::to_string(number(device))}});
}

// The one thing that matters most of it.
std::string standing_of(Frame& frame, const HeldParcels& one) {
  if (one.answers > 0) return std::string(frame.t(T::carry_answers));
  if (one.waiting > 0) return frame.count(T::carry_waiting, one.waiting);
  return frame.count(T::carry_refused, one.refused);
}

}  // namespace

const std::vector<HeldParcels>& CarryView::held_parcels() {
  return held_.get(app_.version(), 0, [&] {
    Result<std::vector<HeldParcels>> all = app_.session()->carrying().held();
    if (all.ok()) return std::move(all).value();
    app_.session()->note(all.error());
    return std::vector<HeldParcels>();
  });
}

void CarryView::held(Frame& frame, Rect& column) {
  const std::vector<HeldParcels>& all = held_parcels();
  const float row = row_height(frame, size::kRow);
  const float height = all.empty() ? kEmptyHeight : row * static_cast<float>(all.size());
  Rect box = column.cut_top(48 + height, size::kGap);
  paint_card(frame, box);
  card_head(frame, box, {.title = frame.t(T::carry_held), .count = static_cast<int>(all.size())});
  if (all.empty()) {
    empty_state(frame, box,
                {.icon = Icon::package,
                 .title = frame.t(T::carry_held_empty),
                 .text = frame.t(T::carry_held_empty_note)});
    return;
  }
  for (const HeldParcels& one : all) {
    IdScope scope(number(one.device));
    const std::string title = device_words(frame, one.device);
    const std::string standing = standing_of(frame, one);
    const std::string since = frame.fill(
        T::carry_since, {{"time", format::date_time(frame.texts, frame.clock, one.since_ms)}});
    const RowSpec spec{.title = title,
                       .note = since,
                       .subtitle = standing,
                       .subtitle_color = one.refused > 0 ? Color::warn : Color::text_2,
                       .icon = one.answers > 0 ? Icon::hand_helping : Icon::package,
                       .chevron = true,
                       .first = &one == &all.front()};
    if (list_row(frame, box.cut_top(row), spec).clicked) held_sheet(frame, one);
  }
}

void CarryView::held_sheet(Frame& frame, const HeldParcels& one) {
  frame.shell.open(
      {.title = device_words(frame, one.device),
       .height = kHeldSheetHeight,
       .draw = [this, one](Frame& now, Rect area) {
         AppShell& shell = now.shell;
         const std::string standing = standing_of(now, one);
         area.cut_top(paragraph(now, area, standing, type::kBody, Color::text_2), 12);
         const bool answer = one.answers > 0;
         const auto heading = answer ? sync::Heading::ToDevice : sync::Heading::ToHeadquarters;
         const auto row = [&](T words, Icon icon, ButtonKind kind) {
           return button(now, area.cut_top(size::kButton, 8),
                         {.label = now.t(words), .kind = kind, .icon = icon});
         };
         label(now, area.cut_top(22, 4), now.t(answer ? T::carry_give : T::carry_pass),
               type::kLabel, Color::text_2);
         const bool saves = row(T::carry_save, Icon::download, ButtonKind::primary);
         const bool shares = row(T::carry_share, Icon::share_2, ButtonKind::normal);
         const bool shows = row(T::carry_codes, Icon::qr_code, ButtonKind::normal);
         const bool forgets = row(T::carry_forget, Icon::trash_2, ButtonKind::danger);
         if (saves || shares || shows || forgets) shell.close_sheet();
         if (saves || shares) save(now, of(one.device, heading), shares);
         if (shows) show(now, of(one.device, heading));
         if (!forgets) return;
         shell.ask({.title = now.fill(T::carry_forget_ask,
                                      {{"device", std::to_string(number(one.device))}}),
                    .text = std::string(now.t(T::carry_forget_note)),
                    .confirm = std::string(now.t(T::carry_forget)),
                    .danger = true,
                    .confirmed = [this, device = one.device] {
                      if (app_.session() == nullptr) return;
                      const Status gone = app_.session()->carrying().forget(device);
                      if (!gone.ok()) app_.session()->note(gone.error());
                    }});
       }});
}

}  // namespace banyan::ui
