#include "shared/base/id_number.h"

#include <doctest/doctest.h>

#include <string>

#include "shared/base/date.h"

namespace banyan {

namespace {

const std::int64_t kToday = days_of({2026, 4, 16});

std::string with_check(const std::string& digits17) {
  return digits17 + resident_id_check_digit(digits17);
}

}  // namespace

TEST_CASE("the standard's own examples pass, and tell birth, sex and area") {
  ResidentId id;
  CHECK(check_resident_id("11010519491231002X", kToday, &id) == IdFault::None);
  CHECK(id.birth_date == days_of({1949, 12, 31}));
  CHECK(id.sex == Sex::Female);
  CHECK(id.area == 110105);
  CHECK(check_resident_id("440524188001010014", kToday, &id) == IdFault::None);
  CHECK(id.sex == Sex::Male);
}

TEST_CASE("every single mistyped digit and every swap of neighbours is found") {
  const std::string good = "11010519491231002X";
  for (std::size_t i = 0; i < 17; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = good;
      wrong[i] = digit;
      if (wrong != good) CHECK(check_resident_id(wrong, kToday) != IdFault::None);
    }
    std::string swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped != good) CHECK(check_resident_id(swapped, kToday) != IdFault::None);
  }
}

TEST_CASE("each fault has its name") {
  CHECK(check_resident_id("", kToday) == IdFault::Length);
  CHECK(check_resident_id("110105491231002", kToday) == IdFault::Length);  // of before 1999
  CHECK(check_resident_id("11010519491231002x", kToday) == IdFault::Character);
  CHECK(check_resident_id("1101051949123100XX", kToday) == IdFault::Character);
  CHECK(check_resident_id(with_check("99010519491231002"), kToday) == IdFault::Area);
  CHECK(check_resident_id(with_check("11010519490229002"), kToday) == IdFault::Birth);
  CHECK(check_resident_id(with_check("11010520260417002"), kToday) == IdFault::Birth);
  CHECK(check_resident_id(with_check("11010518491231002"), kToday) == IdFault::Birth);
  CHECK(check_resident_id("110105194912310020", kToday) == IdFault::Check);
}

TEST_CASE("a child born today and the permits of 81 and 91 are good") {
  CHECK(check_resident_id(with_check("33010620260416002"), kToday) == IdFault::None);
  CHECK(check_resident_id(with_check("81000019800101001"), kToday) == IdFault::None);
  CHECK(check_resident_id(with_check("91015619800101001"), kToday) == IdFault::None);
}

TEST_CASE("what people type becomes the stored form") {
  CHECK(normal_id(" 110105 19491231-002x ") == "11010519491231002X");
  CHECK(normal_id("１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X");
}

TEST_CASE("a social credit code is checked in its own alphabet") {
  CHECK(check_credit_code("91350100M000100Y43") == IdFault::None);
  CHECK(check_credit_code("91350100M000100Y44") == IdFault::Check);
  CHECK(check_credit_code("91350100M000100O43") == IdFault::Character);  // a letter O
  CHECK(check_credit_code("913501A0M000100Y43") == IdFault::Character);
  CHECK(check_credit_code("91350100M000100Y4") == IdFault::Length);
}

TEST_CASE("the tail is what may be shown") {
  CHECK(id_tail("11010519491231002X") == "002X");
  CHECK(id_tail("12") == "12");
}

}  // namespace banyan
