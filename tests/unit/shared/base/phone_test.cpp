#include "shared/base/phone.h"

#include <doctest/doctest.h>

namespace banyan {

TEST_CASE("the many ways to write a mobile number meet in one") {
  for (const char* text :
       {"13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "0086-13800138000",
        "8613800138000", "１３８００１３８０００", "(+86)138.0013.8000", "138—0013—8000"}) {
    CAPTURE(text);
    CHECK(normal_phone(text) == "13800138000");
    CHECK(check_phone(normal_phone(text)) == PhoneFault::None);
  }
  CHECK(normal_phone("+420 601 123 456") == "+420601123456");
  CHECK(normal_phone("00420601123456") == "+420601123456");
}

TEST_CASE("mobiles, land lines, service numbers and numbers abroad are good") {
  for (const char* text : {"19912345678", "057188886666", "01012345678", "4008123123", "95588",
                           "96138", "+420601123456"}) {
    CAPTURE(text);
    CHECK(check_phone(text) == PhoneFault::None);
  }
}

TEST_CASE("what is wrong with a number has a name") {
  CHECK(check_phone("1380013800") == PhoneFault::Length);
  CHECK(check_phone("138001380000") == PhoneFault::Length);
  CHECK(check_phone("") == PhoneFault::Length);
  CHECK(check_phone("12800138000") == PhoneFault::Prefix);
  CHECK(check_phone("1380013800x") == PhoneFault::Character);
  CHECK(check_phone(normal_phone("一三八")) == PhoneFault::Character);
  CHECK(check_phone("+123") == PhoneFault::Length);
  CHECK(check_phone("0571") == PhoneFault::Length);
}

TEST_CASE("a phone is shown in groups, and masked but for what tells it apart") {
  CHECK(format_phone("13800138000") == "138 0013 8000");
  CHECK(format_phone("95588") == "95588");
  CHECK(mask_phone("13800138000") == "138 **** 8000");
  CHECK(mask_phone("057188886666") == "**** 6666");
  CHECK(mask_phone("110") == "****");
}

TEST_CASE("Luhn's check finds a mistyped digit, and makes the digit that passes") {
  CHECK(luhn_ok("4111111111111111"));
  CHECK_FALSE(luhn_ok("4111111111111112"));
  CHECK_FALSE(luhn_ok("411111111111111a"));
  CHECK_FALSE(luhn_ok("0"));
  CHECK(luhn_check_digit("411111111111111") == '1');
  CHECK(luhn_check_digit("7992739871") == '3');
  CHECK(format_account("6222021234567890123") == "6222 0212 3456 7890 123");
}

}  // namespace banyan
