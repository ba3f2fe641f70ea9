// The shell's bars: rail, top bar, bottom bar.
#include "client/app_shell.h"
#include "client/widgets/avatar.h"
#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/sync.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kNavHeight = 64;

void paint_count(Frame& frame, Vec at, const NavItem& item) {
  if (item.count == 0) return;
  const std::string text = item.count > 999 ? "999+" : std::to_string(item.count);
  const float width = std::max(18.0f, text_width(frame, text, type::kCounter) + 10);
  const Rect badge{at.x, at.y, width, 18};
  fill(frame, badge, frame.color(item.decision ? Color::conflict : Color::text_2), 9);
  paint_line(frame, badge, text, type::kCounter,
             frame.color(item.decision ? Color::on_conflict : Color::surface), Align::center);
}

// Icon in its pill, the word below.
bool nav_item(Frame& frame, const Rect& rect, const NavItem& item, bool current) {
  std::string name(frame.t(item.label));
  if (item.count > 0) name += " " + std::to_string(item.count);
  const Response response =
      interact(frame, frame.id(item.route), rect,
               {.role = Role::link, .name = name, .states = current ? state::kCurrent : 0});
  const Rect column{rect.x, rect.y + (rect.h - 49) / 2, rect.w, 49};
  const Rect pill =
      Rect{column.x, column.y, column.w, 30}.centered(std::min(52.0f, column.w - 4), 30);
  const bool strong = current && frame.theme.sunlight();
  if (current) fill(frame, pill, frame.color(strong ? Color::primary : Color::primary_soft), 15);
  if (!current && (response.held || response.hovered)) {
    fill(frame, pill, frame.color(response.held ? Color::press : Color::hover), 15);
  }
  const Color icon = strong ? Color::on_primary : current ? Color::on_primary_soft : Color::text_2;
  paint_icon(frame, pill, item.icon, 22, frame.color(icon));
  paint_line(frame, {column.x, column.y + 33, column.w, 16}, frame.t(item.label),
             with(type::kTag, current ? Weight::w700 : Weight::w500),
             frame.color(current ? Color::primary : Color::text_2), Align::center);
  paint_count(frame, {rect.center().x + 8, column.y - 5}, item);
  if (response.focused) focus_ring(frame, pill, 15);
  return response.clicked;
}

// The wide rail of a desktop: icon beside the word.
bool nav_row(Frame& frame, const Rect& rect, const NavItem& item, bool current) {
  std::string name(frame.t(item.label));
  if (item.count > 0) name += " " + std::to_string(item.count);
  const Response response =
      interact(frame, frame.id(item.route), rect,
               {.role = Role::link, .name = name, .states = current ? state::kCurrent : 0});
  if (current || response.hovered || response.held) {
    fill(frame, rect,
         frame.color(current         ? Color::primary_soft
                     : response.held ? Color::press
                                     : Color::hover),
         12);
  }
  Rect inside = rect.inset(14, 0);
  paint_icon(frame, inside.cut_left(22, 12), item.icon, 22,
             frame.color(current ? Color::on_primary_soft : Color::text_2));
  if (item.count > 0) paint_count(frame, {inside.right() - 30, rect.center().y - 9}, item);
  paint_line(frame, inside, frame.t(item.label),
             with(type::kBody, current ? Weight::w700 : Weight::w500),
             frame.color(current ? Color::primary : Color::text_2));
  if (response.focused) focus_ring(frame, rect, 12);
  return response.clicked;
}

}  // namespace

void AppShell::draw_warning(Frame& frame, Rect& area) {
  if (!warning_) return;
  const std::string_view words = frame.t(*warning_);
  const auto lines = wrap(frame, words, type::kLabel, area.w - 24);
  const float height = static_cast<float>(lines.size()) * type::kLabel.line;
  Rect strip = area.cut_top(height + 12);
  fill(frame, {strip.x, frame.area.y, strip.w, strip.bottom() - frame.area.y},
       frame.color(Color::danger));
  frame.access.add_text(Role::alert, strip, words);
  Rect left = strip.centered(strip.w, height);
  for (const std::string_view one : lines) {
    paint_line(frame, left.cut_top(type::kLabel.line), one, type::kLabel,
               frame.color(Color::on_danger), Align::center);
  }
}

void AppShell::draw_rail(Frame& frame, Rect& area) {
  const bool wide = frame.breakpoint() == Breakpoint::desktop;
  Rect rail = area.cut_left(wide ? size::kRailWide : size::kRail);
  GroupScope group(frame, Role::navigation, frame.t(T::nav_label), rail);
  fill(frame, rail, frame.color(Color::surface));
  const float thick = frame.theme.line();
  fill(frame, {rail.right() - thick, rail.y, thick, rail.h},
       frame.color(frame.theme.sunlight() ? Color::line_strong : Color::line));
  Rect inside = rail.inset(wide ? 16 : 6, 12);
  brand_mark(frame,
             wide ? inside.cut_top(44, 16).cut_left(44) : inside.cut_top(44, 16).centered(44, 44));
  for (const NavItem& item : navigation_) {
    if (inside.h < (person_initial_.empty() ? kNavHeight : kNavHeight + 60)) break;
    const bool current = Route::parse(item.route).name == route().name;
    const Rect place = inside.cut_top(wide ? 48 : 60, 4);
    if (wide ? nav_row(frame, place, item, current) : nav_item(frame, place, item, current))
      go(item.route);
  }
  if (person_initial_.empty()) return;
  const Rect place = inside.cut_bottom(44);
  const Rect face = wide ? Rect{place.x, place.y, 44, 44} : place.centered(44, 44);
  const Response me =
      interact(frame, frame.id("me"), face, {.role = Role::button, .name = person_name_});
  avatar(frame, face, {.initial = person_initial_, .tone = Tint::primary, .size = 44});
  if (me.focused) focus_ring(frame, face, 22);
  if (me.clicked) go("#/settings");
}

void AppShell::draw_bottom_bar(Frame& frame, Rect& area) {
  const Rect bar = area.cut_bottom(size::kBottombar);
  GroupScope group(frame, Role::navigation, frame.t(T::nav_label), bar);
  // The bar's colour goes on under a phone's own bar of gestures.
  fill(frame, {bar.x, bar.y, bar.w, frame.area.bottom() - bar.y}, frame.color(Color::surface));
  rule_above(frame, bar);
  std::vector<const NavItem*> items;
  for (const NavItem& item : navigation_) {
    if (item.on_phone && items.size() < 5) items.push_back(&item);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Rect place = bar.column(static_cast<int>(i), static_cast<int>(items.size()), 0);
    const bool current = Route::parse(items[i]->route).name == route().name;
    if (nav_item(frame, place, *items[i], current)) go(items[i]->route);
  }
}

void AppShell::draw_top_bar(Frame& frame, Rect& area, const Surroundings& around) {
  const bool phone = frame.phone();
  const TextStyle title = phone ? type::kTitlePhone : type::kTitle;
  const TextStyle small = phone ? type::kCaption : type::kSmall;
  const bool below = frame.tight() && !around.subtitle.empty();  // in a line of its own
  const Rect whole =
      area.cut_top((phone ? size::kTopbarPhone : size::kTopbar) + (below ? small.line + 4 : 0));
  Rect bar = whole;
  if (below) bar.cut_bottom(small.line + 4);
  GroupScope group(frame, Role::banner, around.title, whole);
  if (phone) {
    fill(frame, {whole.x, 0, whole.w, whole.bottom()}, frame.color(Color::surface));
    rule_above(frame, {whole.x, whole.bottom() - frame.theme.line(), whole.w, 1});
  }
  Rect inside = bar;
  inside.cut_left(phone ? (around.sub_page ? 4 : 16) : frame.gutter());
  inside.cut_right(phone ? 8 : frame.gutter());
  if (around.sub_page && phone) {
    const T word = around.closes ? T::nav_close : T::nav_back;
    if (icon_button(frame, inside.cut_left(44, 4), around.closes ? Icon::x : Icon::chevron_left,
                    frame.t(word)))
      back();
  }
  if (around.sub_page && around.closes && !phone) {
    if (icon_button(frame, inside.cut_right(44, 12), Icon::x, frame.t(T::nav_close), Color::text))
      back();
  }
  if (around.sync_pill && !(frame.tight() && around.sub_page)) {
    const Rect pill = inside.cut_right(sync_pill_width(frame, sync_), phone ? 4 : 12);
    if (sync_pill(frame, pill, sync_)) go("#/sync");
  }
  const float width =
      std::max(text_width(frame, around.title, title), text_width(frame, around.subtitle, small));
  Rect free = inside;
  free.cut_left(std::min(inside.w * (frame.tight() ? 0.3f : 0.6f), width), 16);
  const float end = free.right();
  view().draw_top_bar(frame, route(), free);
  const bool acted = free.right() < end;  // the view has put something at the right
  const float room = (acted ? free.right() - 4 : end) - inside.x;
  const bool two = !around.subtitle.empty() && !below;
  const float height = two ? title.line + small.line : title.line;
  Rect words = {inside.x, bar.y + (bar.h - height) / 2, std::min(room, width + 1), height};
  heading(frame, words.cut_top(title.line), around.title, title, 1);
  if (below) {
    const Rect line{whole.x + 16, bar.bottom() - 4, whole.w - 32, small.line};
    label(frame, line, around.subtitle, small, Color::text_3);
  }
  if (two) label(frame, words.cut_top(small.line), around.subtitle, small, Color::text_3);
}

}  // namespace banyan::ui
