// Chinese identity numbers: of residents (GB 11643-1999, 18 characters, the
// check digit of ISO 7064 MOD 11-2) and of organisations (GB 32100-2015, the
// unified social credit code, 18 characters, MOD 31).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banyan {

enum class Sex : std::uint8_t { Female = 1, Male = 2 };

// Why a number is not one, in the order in which a person should hear of it.
enum class IdFault : std::uint8_t {
  None = 0,
  Length,     // not 18 characters
  Character,  // a character that has no place there
  Area,       // no such province
  Birth,      // no such day, or one after today, or before 1850
  Check,      // the check digit says that a digit is mistyped
};

struct ResidentId {
  std::string text;             // 17 digits and a digit or X
  std::int64_t birth_date = 0;  // days since 1970-01-01
  Sex sex = Sex::Female;
  int area = 0;  // six digits: where it was first issued
};

// Upper case, usual width, without blanks and hyphens: the form that is stored.
std::string normal_id(std::string_view text);

// `text` in its normal form. `today` in days since 1970-01-01. Fills `id` (when
// given) only when the answer is None.
IdFault check_resident_id(std::string_view text, std::int64_t today, ResidentId* id = nullptr);

// The 18th character for 17 digits. Asserts that they are 17 digits.
char resident_id_check_digit(std::string_view digits17);

IdFault check_credit_code(std::string_view text);
// The 18th character for 17. Asserts that they are of the code's alphabet.
char credit_code_check_digit(std::string_view code17);

// "尾号 0628" shows only these: the last four characters.
std::string_view id_tail(std::string_view text);

}  // namespace banyan
