#include "shared/catalogue/expression.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "shared/catalogue/builder.h"
#include "tests/unit/shared/catalogue/small_pack.h"

namespace banyan {

namespace {

using Names = std::vector<std::string>;

Names names_of(std::string_view text) {
  auto names = expression_names(text);
  CAPTURE(text);
  REQUIRE(names.ok());
  return std::move(names).value();
}

// Refuses one word, and notes what it was given.
class FakeEngine final : public ExpressionEngine {
 public:
  Result<std::unique_ptr<Expression>> compile(std::string_view text,
                                              std::span<const ExpressionField> fields) override {
    texts.emplace_back(text);
    fields_given.clear();
    for (const auto& field : fields) fields_given.push_back(field.name);
    if (text.find("bad") != std::string_view::npos) return fail(ErrorCode::Invalid, "no such bad");
    return std::unique_ptr<Expression>();
  }
  Names texts, fields_given;
};

}  // namespace

TEST_CASE("the names of an expression are its fields, whatever their case and place") {
  CHECK(names_of("amount > 0") == Names{"amount"});
  CHECK(names_of("Due >= since and DUE < today") == Names{"due", "since", "today"});
  CHECK(names_of("case state when 'won' then 100 else guess end") == Names{"state", "guess"});
  CHECK(names_of("coalesce(text, 'it''s (none')") == Names{"text"});
  CHECK(names_of("cast(text as integer) + max (a, 1)") == Names{"text", "a"});
  CHECK(names_of("length") == Names{"length"});  // a field of that name, not a call
  CHECK(names_of("kind in ('a', 'b') or kind is null") == Names{"kind"});
  CHECK(names_of("1").empty());
}

TEST_CASE("what has no place in an expression is refused before any engine sees it") {
  for (const char* bad : {"",
                          "  ",
                          "a.b",
                          "a;b",
                          "\"a\"",
                          "`a`",
                          "[a]",
                          "?1",
                          ":a",
                          "@a",
                          "$a",
                          "a -- b",
                          "a /* b */",
                          "1.5",
                          "1e5",
                          "0x10",
                          "x'00'",
                          "date('now')",
                          "random()",
                          "load_extension('x')",
                          "a(1)",
                          "'a",
                          "(a",
                          "a)",
                          "a\\b",
                          "1234567890123456789",
                          "cast(a as blob)",
                          "cast(a as real)",
                          "名"}) {
    CAPTURE(bad);
    CHECK_FALSE(expression_names(bad).ok());
  }
  CHECK_FALSE(expression_names(std::string(40, '(') + "1" + std::string(40, ')')).ok());
  CHECK_FALSE(expression_names(std::string(1001, '1')).ok());
}

TEST_CASE("every function of the list passes, and no more") {
  for (const std::string_view function : expression_functions()) {
    CHECK(expression_names(std::string(function) + "(a)").ok());
  }
  for (const char* absent : {"round", "date", "datetime", "strftime", "randomblob", "printf"}) {
    const auto functions = expression_functions();
    CHECK(std::find(functions.begin(), functions.end(), absent) == functions.end());
  }
}

TEST_CASE("a cell enters an expression as a person names it") {
  const auto catalogue = load_packs(std::vector<PackSource>{test::small_pack()});
  REQUIRE(catalogue.ok());
  const Entity& customer = *catalogue->entity("customer");
  const Field& state = *customer.field("state");
  CHECK(text_of(expression_value(state, std::int64_t{2})) == "shut");
  CHECK(is_null(expression_value(state, std::int64_t{9})));  // a choice that is not known here
  CHECK(is_null(expression_value(state, Value{})));
  CHECK(expression_value(*customer.field("owner"), RowId{5}) == Value{std::int64_t{5}});
  CHECK(expression_value(*customer.field("name"), std::string("x")) == Value{std::string("x")});
}

TEST_CASE("sets never stand in an expression, computed fields only in computed ones") {
  Entity entity;
  for (const auto& [name, merge] : {std::pair{"a", Merge::Register}, std::pair{"b", Merge::Set},
                                    std::pair{"c", Merge::Computed}}) {
    Field field;
    field.name = name;
    field.merge = merge;
    entity.fields.push_back(field);
  }
  CHECK(expression_fields(entity, false).size() == 1);
  const auto all = expression_fields(entity, true);
  REQUIRE(all.size() == 2);
  CHECK(all[1].name == "c");
}

TEST_CASE("an engine, when there is one, has the last word on every expression") {
  FakeEngine engine;
  std::vector<PackError> errors;
  const auto sources = std::vector<PackSource>{test::small_pack(
      {{"x.json", R"({"extends": "customer", "fields": [{"name": "bad", "no": 9, "type": "int",
         "check": "bad > 1", "label": {"zh": "坏", "en": "Bad"}}]})"}})};
  CHECK_FALSE(load_packs(sources, {0, &engine}, &errors).ok());
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].path == "/fields/0/check");
  CHECK(errors[0].reason == "\"bad > 1\": no such bad");
  CHECK(std::find(engine.texts.begin(), engine.texts.end(), "'open'") != engine.texts.end());
  // A check sees the entity's fields, and today, now and me behind them.
  CHECK(load_packs(std::vector<PackSource>{test::small_pack()}, {0, &engine}).ok());
}

}  // namespace banyan
