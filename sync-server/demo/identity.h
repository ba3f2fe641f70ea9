// Numbers of people and accounts that are well-formed and belong to nobody.
//
// ID numbers (GB 11643) lie in area 99, mobile numbers begin with 154, cards
// with 6299: none of them was ever given out. DEMO.md says how that was chosen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banyan::demo {

// The last character of an 18-character ID number, from its first 17 digits.
char id_check(std::string_view first_17);
// The last character of a unified social credit code (GB 32100), from its first 17.
char credit_check(std::string_view first_17);
// The digit that makes `digits` pass the Luhn check when it is appended.
char luhn_check(std::string_view digits);

// Gives every person, phone and account its own number; the order of calls decides.
class Numbers {
 public:
  // `area`: six digits. `born_day`: days since 1970, from 1900 on.
  std::string id_number(std::string_view area, std::int64_t born_day, bool woman);
  std::string credit_code(std::string_view area);
  std::string phone();
  std::string card();                       // 19 digits, Luhn
  std::string card(std::string_view tail);  // the same with the last four given
  std::string passbook();                   // 18 digits, no rule
  std::string passbook(std::string_view tail);
  std::string customer_no();

 private:
  std::uint32_t firms_ = 0, phones_ = 0, cards_ = 0, books_ = 0, customers_ = 0;
  std::vector<std::uint16_t> sequence_;  // by area, day and sex
};

}  // namespace banyan::demo
