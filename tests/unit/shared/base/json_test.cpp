#include "shared/base/json.h"

#include <doctest/doctest.h>

#include <string>

namespace banyan {

TEST_CASE("what is read is written back with sorted keys and without blanks") {
  const auto json = parse_json(R"( {"b": [1, -2, true, null, "里\n"], "a": {"x": {}}} )", 8, "t");
  REQUIRE(json.ok());
  CHECK(dump_json(*json) == R"({"a":{"x":{}},"b":[1,-2,true,null,"里\n"]})");
}

TEST_CASE("a syntax error names the text, the line and the column") {
  const auto bad = parse_json("{\n  \"a\": 1,\n  \"b\" 2\n}", 8, "base/x.json");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == ErrorCode::Invalid);
  CHECK(bad.error().detail.rfind("base/x.json: line 3, column 7: ", 0) == 0);
  CHECK_FALSE(parse_json("", 8, "t").ok());
  CHECK_FALSE(parse_json("{} {}", 8, "t").ok());
  CHECK_FALSE(parse_json("[1,]", 8, "t").ok());
  CHECK_FALSE(parse_json("[1e999]", 8, "t").ok());
}

TEST_CASE("a key that stands twice is an error, not the last one winning") {
  const auto bad = parse_json(R"({"no": 1, "no": 2})", 8, "t");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().detail == "t: the key \"no\" stands twice in one object");
}

TEST_CASE("nesting stops at the limit, however deep the text goes") {
  CHECK(parse_json("[[[]]]", 3, "t").ok());
  CHECK_FALSE(parse_json("[[[]]]", 2, "t").ok());
  CHECK_FALSE(parse_json(std::string(1'000'000, '['), 64, "t").ok());
  CHECK_FALSE(parse_json("[]", 0, "t").ok());
  CHECK(parse_json("1", 0, "t").ok());
}

TEST_CASE("bytes that are not UTF-8 are refused when read and replaced when written") {
  CHECK_FALSE(parse_json("\"\xC3\x28\"", 8, "t").ok());
  CHECK(dump_json(Json("\xFF")) == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("readers give a value of exactly their type") {
  const Json json = *parse_json(
      R"({"i": 9223372036854775807, "u": 9223372036854775808, "f": 1.0, "s": "x", "t": true})", 2,
      "t");
  CHECK(json_int(*json_member(json, "i")) == 9223372036854775807);
  CHECK_FALSE(json_int(*json_member(json, "u")));
  CHECK_FALSE(json_int(*json_member(json, "f")));
  CHECK_FALSE(json_int(*json_member(json, "s")));
  CHECK(json_text(*json_member(json, "s")) == "x");
  CHECK_FALSE(json_text(*json_member(json, "t")));
  CHECK(json_bool(*json_member(json, "t")) == true);
  CHECK_FALSE(json_bool(*json_member(json, "i")));
  CHECK(json_member(json, "none") == nullptr);
  CHECK(json_member(Json::array(), "i") == nullptr);
}

TEST_CASE("a path is a JSON pointer") {
  CHECK(json_path(json_path("", "a/b~c"), 3) == "/a~1b~0c/3");
}

}  // namespace banyan
