#include "client/views/customer_filters.h"

#include <algorithm>

#include "client/app_shell.h"
#include "client/views/pack_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"
#include "shared/app/customer_filter.h"
#include "shared/base/date.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

constexpr std::size_t kFew = 6;        // as chips; more make a list of their own
constexpr std::size_t kSearched = 12;  // more are searched
constexpr float kFilterHeight = 620, kOptionRow = 52, kFilterPad = 16;

struct AgeBand {
  int from;
  std::optional<int> until;
};
constexpr AgeBand kAges[] = {{0, 29}, {30, 44}, {45, 59}, {60, {}}};

// A date of birth is asked for as an age.
bool is_birth(const Field& field) { return field.name == "birth_date"; }

std::string field_name(const Frame& frame, const Field& field) {
  return is_birth(field) ? std::string(frame.t(T::customers_age)) : word(frame, field.label);
}

std::string band_words(const Frame& frame, const AgeBand& band) {
  const std::string from = std::to_string(band.from);
  if (!band.until) return frame.fill(T::customers_age_over, {{"n", from}});
  if (band.from == 0) {
    return frame.fill(T::customers_age_under, {{"n", std::to_string(*band.until + 1)}});
  }
  return frame.fill(T::customers_age_band, {{"from", from}, {"to", std::to_string(*band.until)}});
}

int digits_of(const Field& field) { return field.type == FieldType::Int ? field.decimals : 2; }

std::optional<std::int64_t> typed_value(const Field& field, const std::string& text) {
  return field.type == FieldType::Date ? parse_date(text) : parse_amount(text, digits_of(field));
}

std::string bound_words(const Field& field, std::int64_t value) {
  return field.type == FieldType::Date ? format_date(value)
                                       : format_amount(value, digits_of(field));
}

// A field's name and its chips below it. `pressed` becomes the chip's index, or -1; returns the
// height they took.
float chip_field(Frame& frame, Rect rect, std::string_view name, std::span<const ChipSpec> all,
                 int& pressed) {
  label(frame, rect.cut_top(18, 6), name, type::kLabel, Color::text_2);
  float height = 0;
  pressed = chips(frame, rect, name, all, height);
  return 24 + height + 16;
}

}  // namespace

void CustomerFilters::open(Frame& frame, const Session& session, CustomerFilter& filter,
                           const CustomerList& list) {
  forget();
  session_ = &session;
  filter_ = &filter;
  list_ = &list;
  fields_ = filter_fields(session);
  for (const FieldFilter& one : filter.fields) {
    const Field* field = session.names().customer->field(one.field);
    if (field == nullptr) continue;
    if (one.from) typed_[one.field].from = bound_words(*field, *one.from);
    if (one.to) typed_[one.field].to = bound_words(*field, *one.to);
  }
  frame.shell.open({.title = std::string(frame.t(T::customers_filter)),
                    .height = kFilterHeight,
                    .draw = [this](Frame& now, Rect area) { draw(now, area); }});
}

void CustomerFilters::forget() {
  session_ = nullptr;
  filter_ = nullptr;
  list_ = nullptr;
  fields_.clear();
  options_.clear();
  typed_.clear();
  picking_ = nullptr;
  find_text_.clear();
}

void CustomerFilters::draw(Frame& frame, Rect area) {
  // Locked, or opened anew with another catalogue: what was read is gone.
  if (session_ == nullptr || app_.session() != session_) return frame.shell.close_sheet();
  Rect foot = area.cut_bottom(64);
  foot.cut_top(12);
  if (picking_ != nullptr) {
    pick(frame, area);
    if (button(frame, foot, {.label = frame.t(T::action_done), .kind = ButtonKind::primary})) {
      picking_ = nullptr;
      find_text_.clear();
    }
    return;
  }
  overview(frame, area);
  const ButtonSpec clear{
      .label = frame.t(T::action_clear), .kind = ButtonKind::quiet, .disabled = !filter_->any()};
  if (button_left(frame, foot, clear)) {
    *filter_ = {};
    typed_.clear();
  }
  const std::string show =
      frame.count(T::customers_filter_show, static_cast<std::int64_t>(list_->size()));
  if (button(frame, foot, {.label = show, .kind = ButtonKind::primary, .id = "show"})) {
    frame.shell.close_sheet();
  }
}

void CustomerFilters::overview(Frame& frame, Rect area) {
  Scroll scroll(frame, frame.id("fields"), area);
  Rect column = scroll.content();
  for (const Field* field : fields_) {
    IdScope scope(field->name);
    column.cut_top(one(frame, *field, column));
  }
  scroll.end(column.y);
}

float CustomerFilters::one(Frame& frame, const Field& field, Rect rect) {
  if (is_birth(field)) return ages(frame, field, rect);
  if (field.type != FieldType::Enum && field.type != FieldType::Ref &&
      field.type != FieldType::Bool) {
    return range(frame, field, rect);
  }
  const std::vector<Option>& all = options(frame, *session_, field);
  if (all.empty()) return 0;
  const std::string name = field_name(frame, field);
  if (all.size() > kFew) {
    const FieldFilter* now = filter_->of(field.no);
    const std::string chosen = now == nullptr ? std::string(frame.t(T::customers_filter_any))
                                              : words(frame, *session_, *now);
    const float height = row_height(frame, kOptionRow);
    const Rect line = rect.cut_top(height);  // its words begin where the labels do
    if (list_row(frame, {line.x - kFilterPad, line.y, line.w + 2 * kFilterPad, line.h},
                 {.title = name, .value = chosen, .chevron = true, .first = true})
            .clicked) {
      picking_ = &field;
    }
    return height + 8;
  }
  std::vector<ChipSpec> specs;
  specs.reserve(all.size());
  for (const Option& option : all) {
    specs.push_back(
        {.label = option.name, .on = filter_->asks(field.no, option.no), .removable = true});
  }
  int pressed = -1;
  const float height = chip_field(frame, rect, name, specs, pressed);
  if (pressed >= 0) filter_->toggle(field.no, all[static_cast<std::size_t>(pressed)].no);
  return height;
}

float CustomerFilters::ages(Frame& frame, const Field& field, Rect rect) {
  const FieldFilter* now = filter_->of(field.no);
  std::vector<std::string> names;
  std::vector<FieldFilter> bands;
  for (const AgeBand& band : kAges) {
    names.push_back(band_words(frame, band));
    bands.push_back(years_ago(field, band.from, band.until, session_->today()));
  }
  std::vector<ChipSpec> specs;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    specs.push_back(
        {.label = names[i], .on = now != nullptr && *now == bands[i], .removable = true});
  }
  int pressed = -1;
  const float height = chip_field(frame, rect, field_name(frame, field), specs, pressed);
  if (pressed >= 0) {
    FieldFilter& band = bands[static_cast<std::size_t>(pressed)];
    const bool off = now != nullptr && *now == band;
    filter_->put(off ? FieldFilter{.field = field.no} : band);
  }
  return height;
}

float CustomerFilters::range(Frame& frame, const Field& field, Rect rect) {
  label(frame, rect.cut_top(18, 6), field_name(frame, field), type::kLabel, Color::text_2);
  Typed& typed = typed_[field.no];
  const bool date = field.type == FieldType::Date;
  bool changed = false;
  float height = 0;
  Rect row = rect;
  const auto bound = [&](Rect place, T name, std::string& text) {
    const bool wrong = !text.empty() && !typed_value(field, text);
    const FieldSpec spec{
        .label = frame.t(name),
        .kind = date ? FieldKind::text : FieldKind::number,
        .error = wrong ? frame.t(date ? T::edit_date : T::field_not_money) : std::string_view(),
        .unit = word(frame, field.unit),
        .placeholder = date ? frame.t(T::edit_date_shape) : std::string_view()};
    place.h = field_height(frame, spec, place.w);
    height = std::max(height, place.h);
    changed = text_field(frame, place, spec, text).changed || changed;
  };
  bound(row.cut_left((rect.w - 12) / 2, 12), T::customers_from, typed.from);
  bound(row, T::customers_to, typed.to);
  if (changed) {
    filter_->put({.field = field.no,
                  .from = typed_value(field, typed.from),
                  .to = typed_value(field, typed.to)});
  }
  return 24 + height + 12;
}

void CustomerFilters::pick(Frame& frame, Rect area) {
  const Field& field = *picking_;
  const std::vector<Option>& all = options(frame, *session_, field);
  IdScope scope(field.name);
  heading(frame, area.cut_top(28), field_name(frame, field), type::kLabel, 3, Color::text_2);
  if (all.size() > kSearched) {
    search_field(frame, area.cut_top(52, 8), frame.t(T::edit_find), find_text_);
  }
  std::vector<const Option*> shown;
  for (const Option& option : all) {
    if (option.name.find(find_text_) != std::string::npos) shown.push_back(&option);
  }
  RowList rows(frame, frame.id("options"), area, kOptionRow,
               static_cast<std::int64_t>(shown.size()));
  while (rows.next()) {
    const Option& option = *shown[static_cast<std::size_t>(rows.index())];
    IdScope each(static_cast<std::uint64_t>(option.no));
    if (checkbox_line(frame, rows.rect(), option.name, filter_->asks(field.no, option.no))) {
      filter_->toggle(field.no, option.no);
    }
  }
}

const std::vector<CustomerFilters::Option>& CustomerFilters::options(Frame& frame,
                                                                     const Session& session,
                                                                     const Field& field) {
  if (chinese_ != frame.texts.chinese()) options_.clear();
  chinese_ = frame.texts.chinese();
  const auto known = options_.find(field.no);
  if (known != options_.end()) return known->second;
  std::vector<Option>& all = options_[field.no];
  if (field.type == FieldType::Ref) {
    const Entity& target = *session.catalogue().entity(field.ref);
    for (RefChoice& choice : read_choices(session, target)) {
      all.push_back({number(choice.id), std::move(choice.name)});
    }
  } else if (field.type == FieldType::Bool) {
    all = {{1, std::string(frame.t(T::customers_yes))}, {0, std::string(frame.t(T::customers_no))}};
  } else {
    for (const Choice& choice : field.choices)
      all.push_back({choice.no, word(frame, choice.label)});
  }
  return all;
}

std::string CustomerFilters::words(Frame& frame, const Session& session, const FieldFilter& one) {
  const Field* field = session.names().customer->field(one.field);
  if (field == nullptr) return {};
  if (is_birth(*field)) {
    for (const AgeBand& band : kAges) {
      if (one == years_ago(*field, band.from, band.until, session.today())) {
        return band_words(frame, band);
      }
    }
  }
  if (one.any.empty()) {
    const auto bound = [&](const std::optional<std::int64_t>& value) {
      return value ? bound_words(*field, *value) : std::string();
    };
    return field_name(frame, *field) + " " + bound(one.from) + "–" + bound(one.to);
  }
  std::string out;
  for (const Option& option : options(frame, session, *field)) {
    if (option.no == one.any.front()) out = option.name;
  }
  if (one.any.size() > 1) out += " +" + std::to_string(one.any.size() - 1);
  return out;
}

}  // namespace banyan::ui
