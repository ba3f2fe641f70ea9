// The expressions of the shipped packs, compiled by the engine that runs them.
#include <doctest/doctest.h>

#include <vector>

#include "shared/storage/expressions.h"
#include "tests/support/shipped_packs.h"

namespace banyan {

TEST_CASE("every expression of the shipped packs compiles") {
  auto engine = Expressions::create();
  REQUIRE(engine.ok());
  std::vector<PackError> errors;
  const auto catalogue = load_packs(test::shipped_pack_sources(BANYAN_SOURCE_DIR),
                                    {.number = 1, .engine = engine->get()}, &errors);
  for (const PackError& error : errors) {
    MESSAGE(error.file << " " << error.path << ": " << error.reason);
  }
  CHECK(catalogue.ok());
}

TEST_CASE("every function that packs may call is one that the engine has") {
  auto engine = Expressions::create();
  REQUIRE(engine.ok());
  const std::vector<ExpressionField> fields{{"a", FieldType::Text}};
  for (const std::string_view function : expression_functions()) {
    CAPTURE(function);
    bool compiles = false;
    for (const char* arguments : {"(a)", "(a, a)", "(a, a, a)"}) {
      compiles = compiles || (*engine)->compile(std::string(function) + arguments, fields).ok();
    }
    CHECK(compiles);
  }
}

}  // namespace banyan
