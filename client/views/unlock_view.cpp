#include "client/views/unlock_view.h"

#include "client/views/doorway.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"

namespace banyan::ui {

namespace {

constexpr float kPersonHeight = 80;

bool person_card(Frame& frame, const Rect& rect, const Person& person, bool chosen) {
  IdScope scope(person.file);
  const std::string_view name =
      person.name.empty() ? frame.t(T::unlock_unnamed) : std::string_view(person.name);
  const Response pressed =
      interact(frame, frame.id("person"), rect,
               {.role = Role::radio, .name = name, .states = chosen ? state::kChecked : 0});
  paint_card(frame, rect, Color::surface, chosen ? Color::primary : Color::line);
  if (chosen) outline(frame, rect, frame.color(Color::primary), 14, 2);
  Rect row = rect.grown(-16);
  paint_radio(frame, {row.right() - 12, row.y + row.h / 2}, chosen);
  row.cut_right(36);
  if (!frame.tight()) {
    avatar(frame, row.cut_left(48, 12).centered(48, 48),
           {.initial = initial_of(name), .tone = tone_for(name), .size = 48});
  }
  if (person.unsent > 0) {
    const std::string waiting =
        frame.count(T::unlock_waiting, static_cast<std::int64_t>(person.unsent));
    if (!frame.tight()) tag_right(frame, row, {.label = waiting, .icon = Icon::tablet});
  }
  Rect words = row.centered(row.w, 44);
  paint_line(frame, words.cut_top(24), name, with(type::kInput, Weight::w500),
             frame.color(Color::text));
  paint_line(frame, words, person.branch.empty() ? person.organisation : person.branch,
             type::kSmall, frame.color(Color::text_2));
  if (pressed.focused) focus_ring(frame, rect, 14);
  return pressed.clicked;
}

}  // namespace

Surroundings UnlockView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(T::unlock_title)), .bare = true};
}

void UnlockView::hidden() {
  std::fill(passphrase_.begin(), passphrase_.end(), '\0');
  passphrase_.clear();
  visible_ = false;
}

void UnlockView::draw(Frame& frame, const Route&, Rect area) {
  const auto& all = app_.people();
  if (chosen_ >= all.size()) chosen_ = 0;
  Rect column = doorway(frame, area, all.empty() ? "" : all[chosen_].organisation);
  Scroll scroll(frame, frame.id("unlock"), column);
  Rect content = scroll.content();
  content.h = 10'000;
  const std::string please =
      frame.fill(T::unlock_please, {{"hello", format::greeting(frame.texts, frame.clock)}});
  content.cut_top(headline(frame, content, please, type::kFigure, 1), 4);
  label(frame, content.cut_top(22, 16),
        format::date_time(frame.texts, frame.clock, frame.clock.now_ms), type::kBody,
        Color::text_2);
  people(frame, content);
  passphrase(frame, content);
  const LinkSpec add{.label = frame.t(T::unlock_add), .before = Icon::user_plus};
  if (link(frame, content.cut_top(44).moved(-8, 0).cut_left(link_width(frame, add)), add)) {
    frame.shell.go("#/welcome");
  }
  scroll.end(content.y);
}

void UnlockView::people(Frame& frame, Rect& column) {
  const auto& all = app_.people();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (person_card(frame, column.cut_top(kPersonHeight, 8), all[i], i == chosen_)) chosen_ = i;
  }
  column.cut_top(8);
}

void UnlockView::passphrase(Frame& frame, Rect& column) {
  const bool busy = app_.phase() == App::Phase::Unlocking;
  const std::int64_t wait_ms = app_.locked_for_ms();
  std::string error;
  if (app_.trouble()) error = door_trouble(frame, *app_.trouble(), false);
  if (wait_ms > 0) error = door_wait(frame, wait_ms);
  const FieldSpec spec{.label = frame.t(T::unlock_passphrase),
                       .hint = frame.t(T::unlock_passphrase_hint),
                       .error = error,
                       .icon = Icon::key_round,
                       .enter = "go"};
  const FieldResponse typed = secret_field(
      frame, column.cut_top(field_height(frame, spec, column.w), 12), spec, passphrase_, visible_);
  const bool pressed = button(frame, column.cut_top(52, 16),
                              {.label = frame.t(T::unlock_open),
                               .kind = ButtonKind::primary,
                               .size = ButtonSize::large,
                               .disabled = wait_ms > 0 || passphrase_.empty(),
                               .busy = busy ? frame.t(T::unlock_opening) : std::string_view()});
  if ((pressed || typed.entered) && !busy && wait_ms == 0 && !passphrase_.empty()) {
    app_.unlock(app_.people()[chosen_], SecretBytes(passphrase_));
    hidden();
  }
}

}  // namespace banyan::ui
