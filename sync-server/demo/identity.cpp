#include "sync-server/demo/identity.h"

#include <cstdio>

#include "shared/base/check.h"
#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

constexpr std::string_view kCreditDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY";

std::string digits_of(std::uint64_t value, std::size_t count) {
  std::string text = std::to_string(value);
  BANYAN_CHECK(text.size() <= count);
  return std::string(count - text.size(), '0') + text;
}

// Scatters a counter over [0, size) without ever meeting itself: `factor` has
// no divisor in common with `size`. The product stays below 2^64.
std::uint64_t scattered(std::uint64_t counter, std::uint64_t factor, std::uint64_t size) {
  BANYAN_CHECK(counter < size && counter < (1ULL << 26));
  return counter * factor % size;
}

}  // namespace

char id_check(std::string_view first_17) {
  BANYAN_CHECK(first_17.size() == 17);
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (first_17[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

char credit_check(std::string_view first_17) {
  BANYAN_CHECK(first_17.size() == 17);
  std::size_t sum = 0, weight = 1;
  for (const char c : first_17) {
    const std::size_t value = kCreditDigits.find(c);
    BANYAN_CHECK(value != std::string_view::npos);
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return kCreditDigits[(31 - sum % 31) % 31];
}

char luhn_check(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int doubled = i % 2 == 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string Numbers::id_number(std::string_view area, std::int64_t born_day, bool woman) {
  constexpr std::size_t kDays = 50'000, kAreas = 20;
  static const std::int64_t first_day = day_of(1900, 1, 1);
  BANYAN_CHECK(area.size() == 6 && born_day >= first_day);
  if (sequence_.empty()) sequence_.resize(kAreas * kDays * 2);
  const std::size_t area_no =
      static_cast<std::size_t>(area[4] - '0') * 10 + static_cast<std::size_t>(area[5] - '0');
  const auto day = static_cast<std::size_t>(born_day - first_day);
  BANYAN_CHECK(area_no < kAreas && day < kDays);

  // Odd sequence numbers are men's, even ones women's.
  std::uint16_t& used = sequence_[(area_no * kDays + day) * 2 + (woman ? 1 : 0)];
  const unsigned sequence = (woman ? 2U : 1U) + 2U * used++;
  BANYAN_CHECK(sequence < 1000);
  const Date born = date_of(born_day);
  char text[32];
  std::snprintf(text, sizeof text, "%.6s%04d%02d%02d%03u", std::string(area).c_str(), born.year,
                born.month, born.day, sequence);
  std::string number(text, 17);
  number.push_back(id_check(number));
  return number;
}

std::string Numbers::credit_code(std::string_view area) {
  std::string code = "93" + std::string(area) + "MA" + digits_of(++firms_, 7);
  code.push_back(credit_check(code));
  return code;
}

std::string Numbers::phone() {
  // The first millions are left to the people of the cast (15413...).
  return "154" + digits_of(20'000'000 + scattered(phones_++, 7'368'787, 79'999'999), 8);
}

std::string Numbers::card() {
  std::string digits =
      "6299" + digits_of(scattered(++cards_, 48'271'000'003, 99'999'999'999'977), 14);
  digits.push_back(luhn_check(digits));
  return digits;
}

std::string Numbers::card(std::string_view tail) {
  for (int filler = 0; filler < 10; ++filler) {
    std::string digits = "629900000" + digits_of(++cards_, 5) + static_cast<char>('0' + filler);
    digits += tail;
    if (luhn_check(digits.substr(0, digits.size() - 1)) == digits.back()) return digits;
    --cards_;
  }
  BANYAN_CHECK(false);  // one of ten fillers always fits
}

std::string Numbers::passbook() {
  return "9901" + digits_of(scattered(++books_, 48'271'000'003, 99'999'999'999'977), 14);
}

std::string Numbers::passbook(std::string_view tail) {
  return "9901000000" + digits_of(++books_, 4) + std::string(tail);
}

std::string Numbers::customer_no() { return "6021" + digits_of(100'000 + ++customers_, 7); }

}  // namespace banyan::demo
