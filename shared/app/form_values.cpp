#include "shared/app/form_values.h"

#include <algorithm>

#include "shared/app/drafts.h"
#include "shared/base/date.h"
#include "shared/base/id_number.h"
#include "shared/base/money.h"
#include "shared/base/phone.h"
#include "shared/base/text.h"
#include "shared/changelog/paragraphs.h"
#include "shared/storage/expressions.h"

namespace banyan {

namespace {

using Flaw = Form::Flaw;

constexpr int kPercentDigits = 2;

std::vector<Value> surroundings(const Session& session) {
  return {Value{session.today()}, Value{session.now_ms()},
          Value{number(session.me().staff)}};  // today, now, me
}

int digits_of_field(const Field& field) {
  switch (field.type) {
    case FieldType::Money: return currency_digits("CNY");
    case FieldType::Percent: return kPercentDigits;
    default: return field.decimals;
  }
}

// 20260416 as people type it on a number pad.
std::optional<std::int64_t> parse_typed_date(std::string_view text) {
  if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return parse_date(text);
  }
  std::string iso(text);
  iso.insert(6, "-").insert(4, "-");
  return parse_date(iso);
}

Flaw flaw_of_phone(std::string_view text) {
  switch (check_phone(text)) {
    case PhoneFault::None: return Flaw::None;
    case PhoneFault::Character: return Flaw::PhoneCharacter;
    case PhoneFault::Length: return Flaw::PhoneLength;
    case PhoneFault::Prefix: return Flaw::PhonePrefix;
  }
  return Flaw::None;
}

bool is_number(FieldType type) {
  return type == FieldType::Int || type == FieldType::Money || type == FieldType::Percent;
}

bool empty(const Form::Item& item) {
  if (item.field->merge == Merge::Set) return item.set.empty();
  switch (item.field->type) {
    case FieldType::Enum: return item.choice == 0;
    case FieldType::Bool: return false;
    case FieldType::Ref: return item.ref == kNoRow;
    default: return trim(item.text).empty();
  }
}

}  // namespace

Value InitialValues::of(const Field& field) const {
  if (field.initial.empty()) return {};
  const auto expression = session_.expressions().compile(field.initial, expression_surroundings());
  if (!expression.ok()) {
    session_.note(expression.error());
    return {};
  }
  const std::vector<Value> values = surroundings(session_);
  const Result<Value> value = (*expression)->evaluate(values);
  if (!value.ok()) {
    session_.note(value.error());
    return {};
  }
  if (field.type == FieldType::Enum) {
    const Choice* choice = field.choice(text_of(*value));
    return choice == nullptr ? Value{} : Value{choice->no};
  }
  if (field.type == FieldType::Ref && !is_null(*value)) return Value{row_of(*value)};
  return *value;
}

void show(const Value& value, const Field& field, Form::Item& item) {
  if (is_null(value)) return;
  switch (field.type) {
    case FieldType::Enum:
    case FieldType::Bool: item.choice = int_of(value); break;
    case FieldType::Ref: item.ref = row_of(value); break;
    case FieldType::Date: item.text = format_date(int_of(value)); break;
    case FieldType::Money:
    case FieldType::Percent:
    case FieldType::Int: item.text = format_decimal(int_of(value), digits_of_field(field)); break;
    case FieldType::Time: item.text = std::to_string(int_of(value)); break;
    default: item.text = text_of(value); break;
  }
}

Value parse(const Form::Item& item) {
  const Field& field = *item.field;
  if (empty(item) || field.merge == Merge::Set) return {};
  const std::string_view text = trim(item.text);
  switch (field.type) {
    case FieldType::Enum:
    case FieldType::Bool: return Value{item.choice};
    case FieldType::Ref: return Value{item.ref};
    case FieldType::Phone: return Value{normal_phone(text)};
    case FieldType::IdNumber: return Value{normal_id(text)};
    case FieldType::Date: {
      const auto day = parse_typed_date(text);
      return day ? Value{*day} : Value{};
    }
    case FieldType::Int:
    case FieldType::Money:
    case FieldType::Percent:
    case FieldType::Time: {
      const auto amount = parse_amount(text, digits_of_field(field));
      return amount ? Value{*amount} : Value{};
    }
    default: return Value{std::string(text)};
  }
}

Flaw flaw_of_value(const Form::Item& item) {
  const Field& field = *item.field;
  if (empty(item)) return field.required ? Flaw::Required : Flaw::None;
  if (field.merge == Merge::Set) return Flaw::None;
  if (is_number(field.type) && is_null(parse(item))) return Flaw::NotANumber;
  if (field.type == FieldType::Date && is_null(parse(item))) return Flaw::Date;
  if (field.type == FieldType::Phone) return flaw_of_phone(item.text);
  const auto lines = std::count(item.text.begin(), item.text.end(), '\n') + 1;
  const bool too_long =
      (field.length_max != 0 && utf8_length(trim(item.text)) > field.length_max) ||
      (field.merge == Merge::Text && static_cast<std::size_t>(lines) > kLinesMax);
  return too_long ? Flaw::TooLong : Flaw::None;
}

Flaw flaw_of_id(std::string_view text, std::string_view kind, std::int64_t today) {
  const bool resident = kind == "resident";
  if (!resident && kind != "credit_code") return Flaw::None;
  switch (resident ? check_resident_id(text, today) : check_credit_code(text)) {
    case IdFault::None: return Flaw::None;
    case IdFault::Length: return Flaw::IdLength;
    case IdFault::Character: return Flaw::IdCharacter;
    case IdFault::Area: return Flaw::IdArea;
    case IdFault::Birth: return Flaw::IdBirth;
    case IdFault::Check: return Flaw::IdCheck;
  }
  return Flaw::None;
}

bool holds(Session& session, const std::string& rule, std::span<const ExpressionField> fields,
           std::vector<Value> values) {
  std::vector<ExpressionField> all(fields.begin(), fields.end());
  const std::span<const ExpressionField> around = expression_surroundings();
  all.insert(all.end(), around.begin(), around.end());
  for (Value& value : surroundings(session)) values.push_back(std::move(value));
  const auto expression = session.expressions().compile(rule, all);
  const Result<Value> answer =
      expression.ok() ? (*expression)->evaluate(values) : Result<Value>(expression.error());
  if (!answer.ok()) {
    session.note(answer.error());
    return true;
  }
  return is_null(*answer) || int_of(*answer) != 0;
}

void add_set_changes(const Entity& entity, RowId row, const Field& field,
                     const std::vector<std::int64_t>& before,
                     const std::vector<std::int64_t>& after, std::vector<RowWrite>& out) {
  const auto add = [&](Op op, std::int64_t element) {
    const bool ref = field.type == FieldType::Ref;
    out.push_back(
        RowDraft(entity, op, row).set(field, ref ? Value{RowId{element}} : Value{element}).take());
  };
  const auto has = [](const std::vector<std::int64_t>& set, std::int64_t element) {
    return std::find(set.begin(), set.end(), element) != set.end();
  };
  for (const std::int64_t element : after) {
    if (!has(before, element)) add(Op::Add, element);
  }
  for (const std::int64_t element : before) {
    if (!has(after, element)) add(Op::Remove, element);
  }
}

}  // namespace banyan
