#include "shared/base/money.h"

#include <doctest/doctest.h>

#include <cstdint>

namespace banyan {

TEST_CASE("an amount has groups, two decimals and a plain minus") {
  CHECK(format_money(123'456'700) == "¥1,234,567.00");
  CHECK(format_money(-12'000'000) == "-¥120,000.00");
  CHECK(format_amount(0) == "0.00");
  CHECK(format_amount(5) == "0.05");
  CHECK(format_amount(-5) == "-0.05");
  CHECK(format_amount(99'999) == "999.99");
  CHECK(format_amount(INT64_MIN) == "-92,233,720,368,547,758.08");
  CHECK(format_money(1234, "JPY") == "¥1,234");
  CHECK(format_money(1234, "CZK") == "CZK 12.34");
}

TEST_CASE("tiles show 万 with one decimal and 亿 with two") {
  const auto zh = [](std::int64_t minor) { return abbreviate_money(minor, Language::Chinese); };
  CHECK(zh(38'620'000) == "¥38.6万");
  CHECK(zh(36'800'000'000) == "¥3.68亿");
  CHECK(zh(684'000) == "¥6,840");
  CHECK(zh(832'050) == "¥8,320.50");
  CHECK(zh(999'999) == "¥9,999.99");
  CHECK(zh(1'000'000) == "¥1.0万");
  CHECK(zh(38'650'000) == "¥38.7万");  // half away from zero
  CHECK(zh(-38'650'000) == "-¥38.7万");
  CHECK(zh(9'999'949'999) == "¥9,999.9万");
  CHECK(zh(9'999'950'000) == "¥1.00亿");  // never 10,000.0万
  CHECK(zh(0) == "¥0");
}

TEST_CASE("English tiles have three digits") {
  const auto en = [](std::int64_t minor) { return abbreviate_money(minor, Language::English); };
  CHECK(en(38'620'000) == "¥386K");
  CHECK(en(128'600'000) == "¥1.29M");
  CHECK(en(1'000'000) == "¥10.0K");
  CHECK(en(684'000) == "¥6,840");
  CHECK(en(99'960'000) == "¥1.00M");  // 999.6K would need a fourth digit
  CHECK(en(204'900'000'000) == "¥2.05B");
  CHECK(en(INT64_MAX) == "¥92,233,720B");
}

TEST_CASE("what a person types as an amount is read, and nothing else") {
  CHECK(parse_amount("150,000.00") == 15'000'000);
  CHECK(parse_amount(" ￥１５００００ 元") == 15'000'000);
  CHECK(parse_amount("0.5") == 50);
  CHECK(parse_amount(".5") == 50);
  CHECK(parse_amount("12。30") == 1230);  // the point of a Chinese keyboard
  CHECK(parse_amount("-3") == -300);
  CHECK(parse_amount("42.0", 1) == 420);
  CHECK(parse_amount("92233720368547758.07") == INT64_MAX);
  for (const char* bad : {"", ".", "-", "元", "1.234", "1..2", "12a", "1-2", "92233720368547758.08",
                          "1e5", "5 元元", ",5"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_amount(bad));
  }
  CHECK_FALSE(parse_amount("1.5", 0));
}

TEST_CASE("capitals follow the rules for cheques") {
  CHECK(chinese_capitals(15'000'000) == "壹拾伍万元整");
  CHECK(chinese_capitals(0) == "零元整");
  CHECK(chinese_capitals(5) == "伍分");
  CHECK(chinese_capitals(50) == "伍角整");
  CHECK(chinese_capitals(105) == "壹元零伍分");
  CHECK(chinese_capitals(1'050) == "壹拾元伍角整");
  CHECK(chinese_capitals(140'950) == "壹仟肆佰零玖元伍角整");
  CHECK(chinese_capitals(600'714) == "陆仟零柒元壹角肆分");
  CHECK(chinese_capitals(168'032) == "壹仟陆佰捌拾元叁角贰分");
  CHECK(chinese_capitals(10'700'053) == "壹拾万柒仟元伍角叁分");
  CHECK(chinese_capitals(1'640'902) == "壹万陆仟肆佰零玖元零贰分");
  CHECK(chinese_capitals(1'000'500) == "壹万零伍元整");
  CHECK(chinese_capitals(10'000'000'100) == "壹亿零壹元整");
  CHECK(chinese_capitals(10'050'000'000) == "壹亿零伍拾万元整");
  CHECK(chinese_capitals(-186'000) == "负壹仟捌佰陆拾元整");
  CHECK(chinese_capitals(123'450'000'000'000) == "壹万贰仟叁佰肆拾伍亿元整");
  CHECK(chinese_capitals(INT64_MAX) ==
        "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分");
}

TEST_CASE("percentages keep the decimals that they have, or those asked for") {
  CHECK(format_percent(435) == "4.35%");
  CHECK(format_percent(940) == "9.4%");
  CHECK(format_percent(400) == "4%");
  CHECK(format_percent(400, 2) == "4.00%");
  CHECK(format_percent(-215, 1) == "-2.2%");
  CHECK(format_percent(-4, 0) == "0%");
  CHECK(format_percent(123'456) == "1,234.56%");
}

TEST_CASE("numbers with a fixed point keep their zero") {
  CHECK(format_decimal(420, 1) == "42.0");
  CHECK(format_decimal(-5, 1) == "-0.5");
  CHECK(format_decimal(1'234'567, 3) == "1,234.567");
}

}  // namespace banyan
