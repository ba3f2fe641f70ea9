#include "shared/base/id_number.h"

#include <algorithm>

#include "shared/base/check.h"
#include "shared/base/date.h"
#include "shared/base/text.h"

namespace banyan {

namespace {

// GB/T 2260's provinces; 81, 82, 83 are the residence permits for people of
// Hong Kong, Macao and Taiwan, 91 the permanent residence card of foreigners.
constexpr int kProvinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                              35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                              53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91};

// GB 32100: digits and capitals without I, O, S, V, Z, which look like others.
constexpr std::string_view kCodeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr int kBirthYearMin = 1850;

int number_at(std::string_view text, std::size_t at, std::size_t size) {
  int number = 0;
  for (const char c : text.substr(at, size)) number = number * 10 + (c - '0');
  return number;
}

}  // namespace

std::string normal_id(std::string_view text) {
  std::string normal;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = fold(utf8_next(text, at));
    if (c == ' ' || c == '-' || c == '\t') continue;
    utf8_append(normal, c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  return normal;
}

char resident_id_check_digit(std::string_view digits17) {
  BANYAN_CHECK(digits17.size() == 17 && std::all_of(digits17.begin(), digits17.end(), is_digit));
  int sum = 0;
  int weight = 1;  // 2^i mod 11 from the right; the check digit itself has 2^0
  for (auto digit = digits17.rbegin(); digit != digits17.rend(); ++digit) {
    weight = weight * 2 % 11;
    sum += (*digit - '0') * weight;
  }
  const int check = (12 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

IdFault check_resident_id(std::string_view text, std::int64_t today, ResidentId* id) {
  if (text.size() != 18) return IdFault::Length;
  const std::string_view digits = text.substr(0, 17);
  if (!std::all_of(digits.begin(), digits.end(), is_digit) ||
      (!is_digit(text[17]) && text[17] != 'X')) {
    return IdFault::Character;
  }
  const int province = number_at(text, 0, 2);
  if (!std::binary_search(std::begin(kProvinces), std::end(kProvinces), province)) {
    return IdFault::Area;
  }
  const Date birth{number_at(text, 6, 4), number_at(text, 10, 2), number_at(text, 12, 2)};
  if (!is_valid(birth) || birth.year < kBirthYearMin || days_of(birth) > today) {
    return IdFault::Birth;
  }
  if (resident_id_check_digit(digits) != text[17]) return IdFault::Check;
  if (id != nullptr) {
    const Sex sex = (text[16] - '0') % 2 == 1 ? Sex::Male : Sex::Female;
    *id = {std::string(text), days_of(birth), sex, number_at(text, 0, 6)};
  }
  return IdFault::None;
}

char credit_code_check_digit(std::string_view code17) {
  BANYAN_CHECK(code17.size() == 17);
  std::size_t sum = 0;
  std::size_t weight = 1;  // 3^i mod 31
  for (const char c : code17) {
    const std::size_t value = kCodeAlphabet.find(c);
    BANYAN_CHECK(value != std::string_view::npos);
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return kCodeAlphabet[(31 - sum % 31) % 31];
}

IdFault check_credit_code(std::string_view text) {
  if (text.size() != 18) return IdFault::Length;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool area = i >= 2 && i < 8;  // the registering authority's six digits
    if (area ? !is_digit(text[i]) : kCodeAlphabet.find(text[i]) == std::string_view::npos) {
      return IdFault::Character;
    }
  }
  return credit_code_check_digit(text.substr(0, 17)) == text[17] ? IdFault::None : IdFault::Check;
}

std::string_view id_tail(std::string_view text) {
  return text.substr(text.size() - std::min<std::size_t>(text.size(), 4));
}

}  // namespace banyan
