#include "client/views/settings_view.h"

#include <algorithm>

#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"
#include "shared/app/queries.h"

namespace banyan::ui {

namespace {

constexpr float kListWidth = 720, kPair = 34, kRowPad = 16;
constexpr std::string_view kVersion = BANYAN_VERSION;
constexpr float kScales[] = {1, 1.25f, 1.5f, 2};

// Names of others' works, in no language.
struct Notice {
  std::string_view name, licence;
};
constexpr Notice kNotices[] = {{"Dear ImGui", "MIT"},
                               {"SQLite", "Public domain"},
                               {"libsodium", "ISC"},
                               {"Zstandard", "BSD-3-Clause"},
                               {"JSON for Modern C++", "MIT"},
                               {"libqrencode", "LGPL-2.1"},
                               {"quirc", "ISC"},
                               {"Noto Sans SC", "OFL-1.1"},
                               {"Lucide", "ISC"},
                               {"Emscripten", "MIT"}};

struct PairWords {
  std::string_view name;
  std::string value;
};

// A card of pairs under a heading; what is left below them is `extra` high.
Rect pairs_card(Frame& frame, Rect& column, std::string_view title,
                std::span<const PairWords> pairs, float extra) {
  const float height =
      48 + pair_height(frame, kPair) * static_cast<float>(pairs.size()) + extra + 12;
  Rect box = column.cut_top(height, size::kGap);
  paint_card(frame, box);
  card_head(frame, box, {.title = title});
  Rect inside = box.inset(kRowPad, 0);
  inside.cut_top(4);
  for (const PairWords& one : pairs)
    pair(frame, inside.cut_top(pair_height(frame, kPair)), one.name, one.value);
  return inside;
}

// A name, and chips of which one is on. Returns the one pressed, or -1.
int choose(Frame& frame, Rect& column, std::string_view name, std::span<const ChipSpec> all) {
  IdScope scope(name);
  label(frame, column.cut_top(18, 8), name, type::kLabel, Color::text_2);
  float height = chips_height(frame, column.w, all);
  return chips(frame, column.cut_top(height, size::kGap), name, all, height);
}

}  // namespace

Surroundings SettingsView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(T::nav_settings))};
}

void SettingsView::draw(Frame& frame, const Route&, Rect area) {
  if (app_.session() == nullptr) return;
  Scroll scroll(frame, frame.id("settings"), area);
  Rect column = scroll.content().inset(frame.gutter(), 0);
  column = {column.x + std::max(0.0f, (column.w - kListWidth) / 2), column.y,
            std::min(column.w, kListWidth), 100'000};
  if (frame.phone()) column.cut_top(size::kGap);
  const bool lock = person(frame, column);
  display(frame, column);
  data(frame, column);
  about(frame, column);
  scroll.end(column.y + 8);
  if (lock) app_.lock();
}

bool SettingsView::person(Frame& frame, Rect& column) {
  const Me& me = app_.session()->me();
  const std::string device =
      frame.count(T::settings_device_number, static_cast<std::int64_t>(number(me.device)));
  std::vector<PairWords> pairs{{frame.t(T::settings_organisation), me.organisation},
                               {frame.t(T::settings_branch), me.branch_name},
                               {frame.t(T::settings_device), device}};
  if (me.lease_until_ms != 0) {
    pairs.push_back({frame.t(T::settings_lease),
                     format::date_time(frame.texts, frame.clock, me.lease_until_ms)});
  }
  const std::string_view why = frame.t(T::settings_lock_note);
  const float words = paragraph_height(frame, why, type::kSmall, column.w - 2 * kRowPad);
  const float height = 16 + 56 + 8 + pair_height(frame, kPair) * static_cast<float>(pairs.size()) +
                       8 + words + 8 + size::kButton + 16;
  Rect inside = card(frame, column.cut_top(height, size::kGap), kRowPad);
  Rect top = inside.cut_top(56, 8);
  avatar(frame, top.cut_left(56, 12),
         {.initial = initial_of(me.name), .tone = Tint::primary, .size = 56});
  top = top.centered(top.w, 46);
  heading(frame, top.cut_top(26), me.name, type::kH2, 2);
  label(frame, top, me.role == nullptr ? std::string() : word(frame, me.role->label), type::kSmall,
        Color::text_2);
  for (const PairWords& one : pairs)
    pair(frame, inside.cut_top(pair_height(frame, kPair)), one.name, one.value);
  inside.cut_top(8);
  paragraph(frame, inside.cut_top(words, 8), why, type::kSmall, Color::text_2);
  Rect row = inside.cut_top(size::kButton);
  if (button_right(frame, row,
                   {.label = frame.t(T::settings_passphrase), .icon = Icon::key_round})) {
    passphrase_.open(frame);
  }
  return button_left(frame, row, {.label = frame.t(T::settings_lock), .icon = Icon::lock});
}

void SettingsView::display(Frame& frame, Rect& column) {
  AppShell& shell = frame.shell;
  Preferences wish = shell.preferences();
  const auto chip_of = [](std::string_view words, bool on) {
    return ChipSpec{.label = words, .on = on, .single = true};
  };
  const bool chinese = wish.language == Language::chinese, follows = wish.theme_follows_system;
  const ChipSpec languages[] = {chip_of(frame.t(T::settings_chinese), chinese),
                                chip_of(frame.t(T::settings_english), !chinese)};
  const auto is = [&](ThemeKind kind) { return !follows && wish.theme == kind; };
  const ChipSpec themes[] = {chip_of(frame.t(T::settings_theme_system), follows),
                             chip_of(frame.t(T::settings_theme_light), is(ThemeKind::light)),
                             chip_of(frame.t(T::settings_theme_dark), is(ThemeKind::dark)),
                             chip_of(frame.t(T::settings_theme_sunlight), is(ThemeKind::sunlight))};
  const ChipSpec sizes[] = {chip_of("100%", wish.text_scale == kScales[0]),
                            chip_of("125%", wish.text_scale == kScales[1]),
                            chip_of("150%", wish.text_scale == kScales[2]),
                            chip_of("200%", wish.text_scale == kScales[3])};
  const float width = column.w - 2 * kRowPad;
  const float height = 48 + 12 + chips_height(frame, width, languages) +
                       chips_height(frame, width, themes) + chips_height(frame, width, sizes) +
                       3 * (18 + 8 + size::kGap) + 4;
  Rect box = column.cut_top(height, size::kGap);
  paint_card(frame, box);
  card_head(frame, box, {.title = frame.t(T::settings_display)});
  Rect inside = box.inset(kRowPad, 12);
  if (const int at = choose(frame, inside, frame.t(T::settings_language), languages); at >= 0) {
    wish.language = at == 0 ? Language::chinese : Language::english;
  }
  if (const int at = choose(frame, inside, frame.t(T::settings_theme), themes); at >= 0) {
    constexpr ThemeKind kKinds[] = {ThemeKind::light, ThemeKind::dark, ThemeKind::sunlight};
    wish.theme_follows_system = at == 0;
    if (at > 0) wish.theme = kKinds[at - 1];
  }
  if (const int at = choose(frame, inside, frame.t(T::settings_text_size), sizes); at >= 0) {
    wish.text_scale = kScales[at];
  }
  const Preferences& now = shell.preferences();
  if (wish.language != now.language || wish.theme != now.theme ||
      wish.theme_follows_system != now.theme_follows_system || wish.text_scale != now.text_scale) {
    shell.set_preferences(wish);
    frame.redraw();
  }
}

void SettingsView::data(Frame& frame, Rect& column) {
  const Session& session = *app_.session();
  const std::int64_t at = session.sync_status().last_success_ms;
  const PairWords pairs[] = {
      {frame.t(T::settings_last_sync), at == 0 ? std::string(frame.t(T::outbox_never))
                                               : format::date_time(frame.texts, frame.clock, at)},
      {frame.t(T::settings_waiting), frame.count(T::sync_count, frame.shell.sync().waiting)}};
  Rect rest = pairs_card(frame, column, frame.t(T::settings_data), pairs, size::kButton);
  const LinkSpec open{.label = frame.t(T::settings_open_sync), .after = Icon::chevron_right};
  if (link(frame, rest.cut_top(size::kButton).cut_left(link_width(frame, open)), open)) {
    frame.shell.go("#/sync");
  }
}

void SettingsView::about(Frame& frame, Rect& column) {
  std::vector<PairWords> pairs{
      {frame.t(T::app_full_name), frame.fill(T::settings_version, {{"version", kVersion}})}};
  for (const PackInfo& pack : app_.session()->catalogue().packs()) {
    pairs.push_back({word(frame, pack.label), pack.version});
  }
  Rect rest = pairs_card(frame, column, frame.t(T::settings_about), pairs, 24 + size::kButton);
  label(frame, rest.cut_top(24), frame.t(T::settings_licence), type::kSmall, Color::text_3);
  const LinkSpec open{.label = frame.t(T::settings_notices), .after = Icon::chevron_right};
  if (link(frame, rest.cut_top(size::kButton).cut_left(link_width(frame, open)), open)) {
    open_notices(frame);
  }
}

void SettingsView::open_notices(Frame& frame) {
  frame.shell.open({.title = std::string(frame.t(T::settings_notices)),
                    .height = 440,
                    .draw = [](Frame& now, Rect area) {
                      RowList rows(now, now.id("notices"), area, 48, std::size(kNotices));
                      while (rows.next()) {
                        const Notice& one = kNotices[rows.index()];
                        pair(now, rows.rect().inset(16, 0), one.name, std::string(one.licence));
                      }
                    }});
}

}  // namespace banyan::ui
