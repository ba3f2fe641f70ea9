#include "shared/base/phone.h"

#include <algorithm>

#include "shared/base/check.h"
#include "shared/base/text.h"

namespace banyan {

namespace {

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// Luhn's sum; `twice`: whether the last digit counts double.
int luhn_sum(std::string_view digits, bool twice) {
  int sum = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
    twice = !twice;
  }
  return sum;
}

}  // namespace

std::string normal_phone(std::string_view text) {
  std::string normal;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = fold(utf8_next(text, at));
    // What people put between the digits, U+2010..2015 being hyphens and dashes.
    if (c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '\t') continue;
    if (c >= 0x2010 && c <= 0x2015) continue;
    utf8_append(normal, c);
  }
  if (normal.starts_with("00")) normal.replace(0, 2, "+");
  if (normal.starts_with("+86")) normal.erase(0, 3);
  // 86 without + before a mobile: 13 digits that nothing else has.
  if (normal.size() == 13 && normal.starts_with("861")) normal.erase(0, 2);
  return normal;
}

bool is_mobile(std::string_view text) {
  return text.size() == 11 && all_digits(text) && text[0] == '1' && text[1] >= '3';
}

PhoneFault check_phone(std::string_view text) {
  const bool abroad = text.starts_with("+");
  const std::string_view digits = abroad ? text.substr(1) : text;
  if (!all_digits(digits)) return PhoneFault::Character;
  const auto between = [&](std::size_t from, std::size_t to) {
    return digits.size() >= from && digits.size() <= to;
  };
  if (abroad) return between(7, 15) ? PhoneFault::None : PhoneFault::Length;
  if (digits.starts_with("400") || digits.starts_with("800")) {
    return digits.size() == 10 ? PhoneFault::None : PhoneFault::Length;
  }
  if (digits.starts_with("95") || digits.starts_with("96")) {
    return between(5, 8) ? PhoneFault::None : PhoneFault::Length;
  }
  if (digits.starts_with("0")) return between(10, 12) ? PhoneFault::None : PhoneFault::Length;
  if (digits.size() != 11) return PhoneFault::Length;
  return is_mobile(digits) ? PhoneFault::None : PhoneFault::Prefix;
}

std::string format_phone(std::string_view text) {
  if (!is_mobile(text)) return std::string(text);
  return std::string(text.substr(0, 3)) + ' ' + std::string(text.substr(3, 4)) + ' ' +
         std::string(text.substr(7));
}

std::string mask_phone(std::string_view text) {
  const std::string tail(text.substr(text.size() - std::min<std::size_t>(text.size(), 4)));
  if (is_mobile(text)) return std::string(text.substr(0, 3)) + " **** " + tail;
  return text.size() <= 4 ? std::string("****") : "**** " + tail;
}

bool luhn_ok(std::string_view digits) {
  return digits.size() >= 2 && all_digits(digits) && luhn_sum(digits, false) % 10 == 0;
}

char luhn_check_digit(std::string_view digits) {
  BANYAN_CHECK(!digits.empty() && all_digits(digits));
  return static_cast<char>('0' + (10 - luhn_sum(digits, true) % 10) % 10);
}

std::string format_account(std::string_view number) {
  std::string text;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += ' ';
    text += number[i];
  }
  return text;
}

}  // namespace banyan
