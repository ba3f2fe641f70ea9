// Whether a value is fit for its field, in words for the person who typed it.
#include "client/widgets/field.h"
#include "shared/base/date.h"
#include "shared/base/id_number.h"
#include "shared/base/money.h"
#include "shared/base/phone.h"

namespace banyan::ui {

std::string phone_trouble(const Texts& texts, std::string_view value) {
  if (check_phone(normal_phone(value)) == PhoneFault::None) return {};
  return std::string(texts.get(T::field_not_phone));
}

std::string id_number_trouble(const Texts& texts, const format::Clock& clock,
                              std::string_view value) {
  const std::string id = normal_id(value);
  const auto length = static_cast<std::int64_t>(id.size());
  switch (check_resident_id(id, local_time(clock.now_ms, clock.offset_minutes).days)) {
    case IdFault::None: return {};
    case IdFault::Length:
      return length < 18 ? texts.count(T::field_id_short, 18 - length)
                         : texts.count(T::field_id_long, length - 18);
    case IdFault::Birth: return std::string(texts.get(T::field_id_date));
    case IdFault::Character:
    case IdFault::Area:
    case IdFault::Check: break;
  }
  return std::string(texts.get(T::field_id_check));
}

std::string money_trouble(const Texts& texts, std::string_view value) {
  return parse_amount(value) ? std::string() : std::string(texts.get(T::field_not_money));
}

}  // namespace banyan::ui
