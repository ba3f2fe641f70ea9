#include "shared/storage/expressions.h"

#include <doctest/doctest.h>

#include <limits>

namespace banyan {
namespace {

class Bench {
 public:
  Bench() : engine_(std::move(*Expressions::create())) {}

  Result<Value> eval(std::string_view text, std::vector<Value> values = {}) {
    static const std::vector<ExpressionField> kFields{
        {"amount", FieldType::Money}, {"stage", FieldType::Enum}, {"guess", FieldType::Percent}};
    values.resize(kFields.size());
    TRY_ASSIGN(const auto expression, engine_->compile(text, kFields));
    return expression->evaluate(values);
  }
  bool refuses(std::string_view text) {
    const auto result = eval(text);
    return !result.ok() && result.error().code == ErrorCode::Invalid;
  }

 private:
  std::unique_ptr<Expressions> engine_;
};

TEST_CASE("an expression works on the fields' values, again and again") {
  const auto engine = Expressions::create().value();
  const std::vector<ExpressionField> fields{{"stage", FieldType::Enum},
                                            {"guess", FieldType::Percent}};
  const auto chance =
      engine->compile("case stage when 'won' then 100 when 'lost' then 0 else guess end", fields)
          .value();
  const std::vector<Value> won{Value{std::string("won")}, Value{std::int64_t{5}}};
  const std::vector<Value> open{Value{std::string("open")}, Value{std::int64_t{35}}};
  for (int i = 0; i < 3; ++i) {
    CHECK(chance->evaluate(won).value() == Value{std::int64_t{100}});
    CHECK(chance->evaluate(open).value() == Value{std::int64_t{35}});
  }
}

TEST_CASE("NULL stays NULL, texts and whole numbers come back") {
  Bench bench;
  CHECK(is_null(bench.eval("amount > 0").value()));
  CHECK(bench.eval("amount > 0", {Value{std::int64_t{1}}}).value() == Value{std::int64_t{1}});
  CHECK(bench.eval("stage || '!'", {Value{}, Value{std::string("won")}}).value() ==
        Value{std::string("won!")});
  CHECK(bench.eval("'it''s ) (' || coalesce(stage, '')").value() == Value{std::string("it's ) (")});
}

TEST_CASE("money that turns REAL is an error, by division, by constant or by overflow") {
  Bench bench;
  CHECK(bench.eval("amount / 2", {Value{std::int64_t{5}}}).value() == Value{std::int64_t{2}});
  CHECK(bench.eval("amount * 0.5", {Value{std::int64_t{5}}}).error().code == ErrorCode::Invalid);
  CHECK(bench.eval("amount + 1", {Value{std::numeric_limits<std::int64_t>::max()}}).error().code ==
        ErrorCode::Invalid);
  CHECK(bench.refuses("x'00'"));
}

TEST_CASE("nothing outside the given fields can be reached") {
  Bench bench;
  for (const char* text : {"(SELECT 1)",
                           "(select name from sqlite_master)",
                           "(VALUES(1))",
                           "exists(select 1)",
                           "amount IN (SELECT 1)",
                           "1 IN sqlite_master",
                           "1) FROM sqlite_master --",
                           "1), (2",
                           "1; DROP TABLE x",
                           "1 /* */",
                           "?1",
                           ":a",
                           "@a",
                           "$a",
                           "random()",
                           "randomblob(9)",
                           "current_timestamp",
                           "datetime('now')",
                           "date()",
                           "load_extension('x')",
                           "count(*)",
                           "sum(amount)",
                           "row_number() OVER ()",
                           "\"no such field\"",
                           "[no such field]",
                           "nothere",
                           "sqlite_version()",
                           "pragma_table_list",
                           "raise(ABORT, 'x')",
                           "",
                           "(1, 2)",
                           "1, 2",
                           "printf('%s', 1",
                           "'open",
                           "amount REGEXP 'a'",
                           "stage MATCH 'a'"}) {
    CAPTURE(text);
    CHECK(bench.refuses(text));
  }
}

TEST_CASE("length, depth and work are bounded") {
  Bench bench;
  CHECK(bench.refuses("1" + std::string(kExpressionBytesMax, ' ')));
  CHECK(bench.refuses(std::string(200, '(') + "1" + std::string(200, ')') + "+" + [] {
    std::string deep;
    for (int i = 0; i < 150; ++i) deep += "-";
    return deep;
  }() + "1"));
  std::string nested = "stage";
  for (int i = 0; i < 40; ++i) nested = "replace(" + nested + ",'a','aaaaaaaa')";
  CHECK(bench.eval(nested, {Value{}, Value{std::string(1000, 'a')}}).error().code ==
        ErrorCode::Invalid);
}

TEST_CASE("every function that packs may call is really there") {
  Bench bench;
  for (const std::string_view name : expression_functions()) {
    CAPTURE(name);
    bool compiles = false;
    for (const char* arguments : {"(1)", "('a','b')", "('a','b','c')", "()"}) {
      compiles = compiles || bench.eval(std::string(name) + arguments).ok();
    }
    CHECK(compiles);
  }
}

}  // namespace
}  // namespace banyan
