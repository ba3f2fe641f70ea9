#include "client/views/customers_view.h"

#include "client/views/customer_summary.h"
#include "client/views/pack_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr float kSummaryWidth = 348;
constexpr std::size_t kLately = 4;

std::string_view match_word(Frame& frame, MatchKind match) {
  switch (match) {
    case MatchKind::Initials: return frame.t(T::customers_match_initials);
    case MatchKind::Pinyin: return frame.t(T::customers_match_pinyin);
    case MatchKind::Number: return frame.t(T::customers_match_number);
    default: return {};
  }
}

std::vector<TagSpec> tag_specs(Frame& frame, const std::vector<Tag>& tags) {
  std::vector<TagSpec> out;
  for (const Tag& tag : tags) {
    out.push_back({.label = word(frame, tag.label), .tone = tone_of(tag.tone), .small = true});
    if (out.size() == (frame.phone() ? 2U : 3U)) break;
  }
  return out;
}

std::string in_yuan(Frame& frame, T name) {
  return std::string(frame.t(name)) + " (" + std::string(frame.t(T::format_yuan)) + ")";
}

// The figures of a customer, at the right of its row.
struct Columns {
  Columns(Frame& frame, const CustomerRow& customer, std::int64_t today)
      : assets(customer.has_figures ? format_amount(customer.deposits_minor)
                                    : std::string(frame.t(T::format_unknown))),
        loans(customer.has_loans ? format_amount(customer.loans_minor)
                                 : std::string(frame.t(T::format_unknown))),
        contact(days_ago(frame, customer.last_contact_day)),
        assets_name(in_yuan(frame, T::customers_assets)),
        loans_name(in_yuan(frame, T::customers_loans)),
        contact_name(frame.t(T::customers_contact)) {
    const bool long_ago =
        customer.last_contact_day != kNoDay && customer.last_contact_day + 30 < today;
    cells[0] = {.name = assets_name, .text = assets, .width = 124};
    cells[1] = {.name = loans_name, .text = loans, .width = 124};
    cells[2] = {.name = contact_name,
                .text = contact,
                .width = 84,
                .color = long_ago ? Color::warn : Color::text_2,
                .strong = long_ago};
  }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  std::string assets, loans, contact, assets_name, loans_name, contact_name;
  RowCell cells[3];
};

}  // namespace

Surroundings CustomersView::surroundings(Frame& frame, const Route&) {
  ask();
  Surroundings out;
  out.title = frame.t(T::nav_customers);
  if (list_ == nullptr) return out;
  const std::int64_t at = app_.session()->sync_status().last_success_ms;
  out.subtitle = frame.count(T::customers_on_device, static_cast<std::int64_t>(list_->on_device()));
  if (at != 0 && !frame.phone()) {
    out.subtitle +=
        frame.fill(T::customers_as_of, {{"time", format::date_time(frame.texts, frame.clock, at)}});
  }
  return out;
}

void CustomersView::ask() {
  if (app_.session() != session_) {
    session_ = app_.session();
    list_ = session_ == nullptr ? nullptr : std::make_unique<CustomerList>(*session_);
    head_.forget();
    lately_.forget();
    filter_ = {};
    sheet_.forget();
  }
  if (list_ != nullptr) list_->ask_for(typed_, filter_, sort_);
}

void CustomersView::draw_top_bar(Frame& frame, const Route&, Rect& rect) {
  if (session_ == nullptr || !session_->me().may(*session_->names().customer, kCreate)) return;
  const bool small = frame.phone();
  if (button_right(frame, rect,
                   {.label = frame.t(T::customers_new),
                    .kind = ButtonKind::primary,
                    .icon = Icon::user_plus,
                    .icon_only = small})) {
    frame.shell.go("#/new/customer");
  }
}

void CustomersView::draw(Frame& frame, const Route&, Rect area) {
  if (list_ == nullptr) return;
  if (wide(frame)) {
    area =
        Rect{area.x + frame.gutter(), area.y, area.w - 2 * frame.gutter(), area.h - frame.gutter()};
    summary(frame, area.cut_right(kSummaryWidth, size::kGap));
    paint_card(frame, area);
    area = area.inset(1);
  }
  finder(frame, area);
  list(frame, area);
}

void CustomersView::finder(Frame& frame, Rect& column) {
  Rect box = column.cut_top(76).inset(16, 16);
  box.h = 52;
  const std::size_t criteria = filter_.fields.size();
  const std::string count = criteria == 0 ? std::string() : " " + std::to_string(criteria);
  const std::string words = std::string(frame.t(T::customers_filter)) + count;
  const ButtonSpec narrow{.label = words,
                          .kind = criteria == 0 ? ButtonKind::normal : ButtonKind::soft,
                          .icon = Icon::sliders_horizontal,
                          .size = ButtonSize::large,
                          .id = "filter",
                          .icon_only = frame.phone()};
  if (button_right(frame, box, narrow, 12)) sheet_.open(frame, *session_, filter_, *list_);
  search_field(frame, box, frame.t(T::field_search), typed_, match_word(frame, list_->match()));
  filters(frame, column.cut_top(36).inset(16, 0));
  Rect line = column.cut_top(40).inset(16, 0);
  std::string found = frame.count(list_->capped() ? T::customers_many : T::customers_found,
                                  static_cast<std::int64_t>(list_->size()));
  const bool by_assets = sort_ == CustomerSort::Assets;
  const LinkSpec sort{.label = frame.t(by_assets ? T::customers_by_assets : T::customers_by_match),
                      .before = Icon::arrow_up_down,
                      .color = Color::text_2};
  if (link(frame, line.cut_right(link_width(frame, sort)), sort)) {
    sort_ = by_assets ? CustomerSort::Best : CustomerSort::Assets;
  }
  const LinkSpec all{.label = frame.t(T::mass_open), .before = Icon::tag, .color = Color::text_2};
  const bool may = session_->me().may(*session_->names().customer, kUpdate);
  if (may && list_->size() > 0) {
    line.cut_right(16);
    if (link(frame, line.cut_right(link_width(frame, all)), all)) tag_all(frame);
  }
  if (!typed_.empty() && wide(frame)) {
    found += frame.fill(T::customers_took, {{"n", std::to_string(list_->took_ms())}});
  }
  label(frame, line, found, type::kLabel, Color::text_2);
}

void CustomersView::filters(Frame& frame, const Rect& rect) {
  struct One {
    T word;
    Icon icon;
    bool CustomerFilter::*on;
  };
  constexpr One kAll[] = {{T::customers_mine, Icon::user, &CustomerFilter::mine},
                          {T::customers_due, Icon::calendar_clock, &CustomerFilter::due_90_days},
                          {T::customers_silent, Icon::clock, &CustomerFilter::silent_30_days},
                          {T::customers_tasks, Icon::clipboard_list, &CustomerFilter::open_tasks}};
  Scroll scroll(frame, frame.id("filters"), rect, Scroll::Direction::across);
  Rect row = scroll.content();
  row.w = 10'000;
  drop(frame, row);
  for (const One& one : kAll) {
    const ChipSpec spec{
        .label = frame.t(one.word), .on = filter_.*one.on, .icon = one.icon, .removable = true};
    if (chip(frame, row.cut_left(chip_width(frame, spec), 8), spec)) {
      filter_.*one.on = !(filter_.*one.on);
    }
  }
  scroll.end(row.x);
}

void CustomersView::tag_all(Frame& frame) {
  std::vector<RowId> all(list_->size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = list_->id_at(i);
  mass_.open(frame, std::move(all), !list_->capped());
}

// The criteria of the sheet, each with a cross that takes it away.
void CustomersView::drop(Frame& frame, Rect& row) {
  std::optional<std::size_t> dropped;
  for (std::size_t i = 0; i < filter_.fields.size(); ++i) {
    IdScope scope(filter_.fields[i].field);
    const std::string words = sheet_.words(frame, *session_, filter_.fields[i]);
    const ChipSpec spec{.label = words, .on = true, .removable = true};
    if (chip(frame, row.cut_left(chip_width(frame, spec), 8), spec)) dropped = i;
  }
  if (dropped) filter_.fields.erase(filter_.fields.begin() + static_cast<std::ptrdiff_t>(*dropped));
}

void CustomersView::list(Frame& frame, Rect rect) {
  if (list_->size() == 0) {
    const bool asked = !typed_.empty() || filter_.any();
    const StateSpec nothing{
        .icon = asked ? Icon::search : Icon::users,
        .title = frame.t(asked ? T::customers_none : T::customers_empty),
        .text = frame.t(asked ? T::customers_none_note : T::customers_empty_note),
        .action = asked ? frame.t(T::action_clear) : std::string_view()};
    if (empty_state(frame, rect, nothing)) {
      typed_.clear();
      filter_ = {};
    }
    return;
  }
  if (wide(frame)) {
    const Rect head = rect.cut_top(36);
    const Columns columns(frame, {}, 0);
    fill(frame, head, frame.color(Color::sunken));
    list_head(frame, head, frame.t(T::customers_who), columns.cells);
  }
  RowList rows(frame, frame.id("customers"), rect, row_height(frame, size::kRow),
               static_cast<std::int64_t>(list_->size()));
  while (rows.next()) row(frame, rows.rect(), rows.index());
}

void CustomersView::row(Frame& frame, const Rect& rect, std::int64_t index) {
  const CustomerRow& customer = list_->at(static_cast<std::size_t>(index));
  IdScope scope(static_cast<std::uint64_t>(number(customer.id)));
  const std::vector<TagSpec> tags = tag_specs(frame, customer.tags);
  const std::string place = place_words(frame, customer.place);
  const Columns columns(frame, customer, session_->today());
  const bool mark = !typed_.empty() && list_->match() != MatchKind::Number;
  RowSpec spec{.title = customer.name,
               .mark = mark ? SearchIndex::part_of(customer.name, !customer.company, typed_)
                            : std::string_view(),
               .note = customer.pinyin,
               .subtitle = place,
               .face = initial_of(customer.name),
               .tone = tone_for(customer.name),
               .tags = tags,
               .selected = wide(frame) && customer.id == chosen_,
               .chevron = frame.phone(),
               .first = index == 0,
               .strong = true,
               .sync = unfinished(customer.mark),
               .position = index + 1,
               .count = static_cast<std::int64_t>(list_->size())};
  if (wide(frame)) {
    spec.cells = columns.cells;
  } else {
    spec.value = columns.assets;
    spec.value_note = columns.contact;
  }
  if (!list_row(frame, rect, spec).clicked) return;
  const bool again = chosen_ == customer.id;
  chosen_ = customer.id;
  if (!wide(frame) || again) open(frame, customer.id);
}

void CustomersView::open(Frame& frame, RowId customer) {
  frame.shell.go("#/customer/" + std::to_string(number(customer)));
}

void CustomersView::summary(Frame& frame, Rect rect) {
  paint_card(frame, rect);
  rect = rect.inset(1);
  if (chosen_ == kNoRow) {
    empty_state(frame, rect,
                {.icon = Icon::user,
                 .title = frame.t(T::customers_choose),
                 .text = frame.t(T::customers_choose_note)});
    return;
  }
  const auto key = static_cast<std::uint64_t>(number(chosen_));
  const CustomerHead& head = head_.get(session_->version(), key, [&] {
    Result<CustomerHead> found = read_customer(*session_, chosen_);
    return found.ok() ? std::move(found).value() : CustomerHead{};
  });
  if (head.id == kNoRow) {
    chosen_ = kNoRow;  // it left this device
    return;
  }
  const auto& lately = lately_.get(session_->version(), key,
                                   [&] { return read_timeline(*session_, chosen_, kLately); });
  if (customer_summary(frame, rect, head, lately)) open(frame, head.id);
}

}  // namespace banyan::ui
