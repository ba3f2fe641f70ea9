// Expressions of packs over a stored row: guards of moves, conditions and values of rules.
// Each is compiled once; the engine is made when the first is needed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "shared/catalogue/expression.h"
#include "shared/changelog/row.h"

namespace banyan {

// What `today`, `now` and `me` are where an expression is worked out.
struct Surroundings {
  std::int64_t today = 0;   // days since 1970-01-01
  std::int64_t now_ms = 0;  // milliseconds since 1970 UTC
  RowId me{};               // staff row of who asks
};

class RowExpressions {
 public:
  using EngineMaker = std::function<Result<std::unique_ptr<ExpressionEngine>>()>;
  explicit RowExpressions(EngineMaker make) : make_(std::move(make)) {}

  // Invalid for what the engine refuses. Not thread-safe.
  Result<Value> evaluate(const Entity& entity, const std::string& text, const Row& row,
                         const Surroundings& around);
  // An empty text holds; null does not.
  Result<bool> holds(const Entity& entity, const std::string& text, const Row& row,
                     const Surroundings& around);

 private:
  EngineMaker make_;
  std::unique_ptr<ExpressionEngine> engine_;
  std::map<std::pair<std::uint32_t, std::string>, std::unique_ptr<Expression>> compiled_;
};

// The result of an expression as the cell of a field: an Enum's name becomes its number. Null
// where it is none of its choices.
Value cell_value(const Field& field, const Value& result);

}  // namespace banyan
