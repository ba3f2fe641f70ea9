#include <doctest/doctest.h>

#include <string>

#include "shared/catalogue/packs.h"
#include "tests/unit/shared/catalogue/small_pack.h"

namespace banyan {

namespace {

// The small pack with one piece of its text replaced by another.
Catalogue changed(const std::string& from = "", const std::string& to = "") {
  PackSource source = test::small_pack();
  if (!from.empty()) {
    std::string& text = source.files[1].text;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  auto catalogue = load_packs(std::vector<PackSource>{source});
  if (!catalogue) MESSAGE(catalogue.error().detail);
  REQUIRE(catalogue.ok());
  return std::move(catalogue).value();
}

// What stands in the way of going from the small pack to the changed one.
std::string obstacle(const std::string& from, const std::string& to) {
  const auto errors = check_upgrade(changed(), changed(from, to));
  if (errors.empty()) return "";
  CHECK(errors.size() == 1);
  return errors[0].path + ": " + errors[0].reason;
}

}  // namespace

TEST_CASE("labels, new fields, new choices and new entities stand in nobody's way") {
  CHECK(check_upgrade(changed(), changed()).empty());
  CHECK(obstacle(R"("en": "Call"})", R"("en": "Phone call"})").empty());
  CHECK(obstacle(R"({"name": "colour", "no": 4,)",
                 R"({"name": "size", "no": 5, "type": "int", "label": {"zh": "大", "en": "Size"}},
                    {"name": "colour", "no": 4,)")
            .empty());
  CHECK(obstacle(R"({"name": "blue", "no": 2,)",
                 R"({"name": "green", "no": 3, "zh": "绿", "en": "Green"},
                    {"name": "blue", "no": 2,)")
            .empty());
}

TEST_CASE("a number keeps its meaning for ever") {
  CHECK(obstacle(R"({"name": "boss", "no": 2)", R"({"name": "head", "no": 2)") ==
        "staff/boss: its number 2 became \"head\"");
  CHECK(obstacle(R"("type": "ref:staff", "label": {"zh": "上级")",
                 R"("type": "ref:customer", "label": {"zh": "上级")") ==
        "staff/boss: its type has changed");
  CHECK(obstacle(R"("type": "ref:staff", "label": {"zh": "上级")",
                 R"("type": "int", "label": {"zh": "上级")") == "staff/boss: its type has changed");
  CHECK(obstacle(R"("type": "ref:staff", "label": {"zh": "上级")",
                 R"("type": "ref:staff", "merge": "guarded", "label": {"zh": "上级")") ==
        "staff/boss: its merge kind has changed");
  CHECK(obstacle(R"({"name": "boss", "no": 2)", R"({"name": "boss", "no": 3)") ==
        "staff/boss: is gone; put its number into \"retired\"");
  CHECK(obstacle(R"("aggregate": "customer", "fact": true)", R"("aggregate": "customer")") ==
        "call/fact: has changed");
  CHECK(obstacle(R"("aggregate": "customer", "fact": true)",
                 R"("aggregate": "staff", "fact": true)") == "call/aggregate: has changed");
  CHECK(obstacle(R"("no": 2, "reference": true)", R"("no": 2)") == "staff/reference: has changed");
  CHECK(obstacle(R"({"entity": "call", "no": 3)", R"({"entity": "ring", "no": 3)") ==
        "call: its number 3 became \"ring\"");
  CHECK(obstacle(R"({"entity": "call", "no": 3)", R"({"entity": "call", "no": 4)") ==
        "call: is gone; an entity stays for ever");
  CHECK(obstacle(R"({"name": "blue", "no": 2)", R"({"name": "green", "no": 2)") ==
        "customer/colour/blue: the choice is gone; mark it \"retired\" instead");
}

TEST_CASE("a field may go when its number is retired, and stays retired") {
  const std::string boss = R"(,
              {"name": "boss", "no": 2, "type": "ref:staff", "label": {"zh": "上级", "en": "Boss"}}])";
  CHECK(obstacle(boss, R"(], "retired": [2])") == "");
  CHECK(obstacle(boss, "]") == "staff/boss: is gone; put its number into \"retired\"");
  const auto errors = check_upgrade(changed(boss, R"(], "retired": [2])"), changed(boss, "]"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].reason == "2 is no longer among them");
}

TEST_CASE("data of a whole pack that is uninstalled is only hidden") {
  PackSource more{
      "more",
      {{"pack.json", R"({"pack": "more", "version": "1", "label": {"zh": "多", "en": "More"},
                      "numbers": [1000, 1999], "needs": ["small"]})"},
       {"x.json", R"([{"extends": "customer", "fields": [{"name": "land", "no": 1000,
                      "type": "int", "label": {"zh": "地", "en": "Land"}}]},
                      {"entity": "field", "no": 1000, "title": "a", "label": {"zh": "田", "en": "Field"},
                       "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}]}])"}}};
  const auto both = load_packs(std::vector<PackSource>{test::small_pack(), more});
  REQUIRE(both.ok());
  CHECK(check_upgrade(*both, changed()).empty());
  // The pack that stays may not lose what it had.
  more.files[1].text = "[]";
  const auto emptied = load_packs(std::vector<PackSource>{test::small_pack(), more});
  REQUIRE(emptied.ok());
  CHECK(check_upgrade(*both, *emptied).size() == 2);
}

}  // namespace banyan
