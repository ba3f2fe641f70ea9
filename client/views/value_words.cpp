#include "client/views/value_words.h"

#include "client/views/pack_words.h"
#include "shared/app/queries.h"
#include "shared/base/money.h"
#include "shared/base/phone.h"

namespace banyan::ui {

std::string value_words(const Frame& frame, const Session& session, const Field& field,
                        const Value& value) {
  if (is_null(value)) return std::string(frame.t(T::format_unknown));
  switch (field.type) {
    case FieldType::Money: return format_money(int_of(value));
    case FieldType::Percent: return format_percent(int_of(value), 2);
    case FieldType::Int: return format_decimal(int_of(value), field.decimals);
    case FieldType::Bool:
      return std::string(frame.t(int_of(value) != 0 ? T::outbox_yes : T::outbox_no));
    case FieldType::Date: return format::day(frame.texts, frame.clock, int_of(value));
    case FieldType::Time: return format::date_time(frame.texts, frame.clock, int_of(value));
    case FieldType::Enum: {
      const Choice* choice = field.choice(int_of(value));
      return choice == nullptr ? std::to_string(int_of(value)) : word(frame, choice->label);
    }
    case FieldType::Ref: {
      const Entity* target = session.catalogue().entity(field.ref);
      return target == nullptr ? std::string() : title_of(session, *target, row_of(value));
    }
    case FieldType::Phone: return format_phone(text_of(value));
    default: return text_of(value);
  }
}

std::string device_words(const Frame& frame, const Provenance& from) {
  if (!from.device_name.empty()) return from.device_name;
  if (from.device == kImportDevice) return std::string(frame.t(T::outbox_core));
  if (from.device == kServerDevice) return std::string(frame.t(T::outbox_hq));
  return frame.count(T::outbox_device_number, static_cast<std::int64_t>(number(from.device)));
}

std::string flaw_words(const Frame& frame, const Form::Item& item) {
  switch (item.flaw) {
    case Form::Flaw::None: return {};
    case Form::Flaw::Required: return std::string(frame.t(T::field_empty));
    case Form::Flaw::NotANumber: return std::string(frame.t(T::field_not_money));
    case Form::Flaw::IdLength: return std::string(frame.t(T::edit_id_length));
    case Form::Flaw::IdCharacter: return std::string(frame.t(T::edit_id_character));
    case Form::Flaw::IdArea: return std::string(frame.t(T::edit_id_area));
    case Form::Flaw::IdBirth: return std::string(frame.t(T::field_id_date));
    case Form::Flaw::IdCheck: return std::string(frame.t(T::field_id_check));
    case Form::Flaw::PhoneCharacter: return std::string(frame.t(T::edit_phone_character));
    case Form::Flaw::PhoneLength: return std::string(frame.t(T::field_not_phone));
    case Form::Flaw::PhonePrefix: return std::string(frame.t(T::edit_phone_prefix));
    case Form::Flaw::Date: return std::string(frame.t(T::edit_date));
    case Form::Flaw::TooLong:
      return frame.count(T::edit_too_long, static_cast<std::int64_t>(item.field->length_max));
    case Form::Flaw::Check: return std::string(frame.t(T::edit_check));
  }
  return {};
}

std::string joined(const Frame& frame, std::string_view first, std::string_view second) {
  std::string out(first);
  if (!first.empty() && !second.empty()) out += frame.texts.chinese() ? "·" : ", ";
  return out += second;
}

}  // namespace banyan::ui
