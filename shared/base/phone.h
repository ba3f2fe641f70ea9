// Phone numbers of mainland China as people write them, and account numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banyan {

enum class PhoneFault : std::uint8_t {
  None = 0,
  Character,  // letters or other things that no phone number has
  Length,     // too short, too long
  Prefix,     // 11 digits that begin with no mobile prefix
};

// Digits only, without the country's +86 or 0086; a + and other countries' digits
// stay. "+86 138-0013 8000" becomes "13800138000": the form that is stored.
std::string normal_phone(std::string_view text);

// `text` in its normal form: a mobile (11 digits, 13 to 19), a land line with
// its area code (0 and 10 or 11 digits in all), a service number (400, 800, 95...),
// or + and 7 to 15 digits (E.164).
PhoneFault check_phone(std::string_view text);
bool is_mobile(std::string_view text);

std::string format_phone(std::string_view text);  // 138 0013 8000, else unchanged
std::string mask_phone(std::string_view text);    // 138 **** 8000; others keep the last four

// Luhn's check over the digits (ISO/IEC 7812): cards. Accounts of core systems
// need not have it, so a failure is a hint, not an error. False for fewer than two digits.
bool luhn_ok(std::string_view digits);
char luhn_check_digit(std::string_view digits);  // for the digits before it

std::string format_account(std::string_view number);  // groups of four: 6222 0212 ...

}  // namespace banyan
