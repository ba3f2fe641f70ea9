// The one expression language of packs: SQLite expressions without tables.
//
// `check`, `compute`, `default`, `title`, guards and rule conditions are written in
// it. This folder only declares the engine; storage implements it with SQLite
// as SELECT (expr) FROM (SELECT ?1 AS field1, ...), prepared once, behind an
// authorizer, so that device and server give the same result.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/value.h"
#include "shared/catalogue/catalogue.h"

namespace banyan {

inline constexpr std::size_t kExpressionBytesMax = 1000;

// A name that an expression may use. `Set` fields are never among them.
struct ExpressionField {
  std::string name;
  FieldType type{};
};

class Expression {
 public:
  virtual ~Expression() = default;

  // `values` in the order of the fields that compile() was given; an Enum comes
  // as its choice's name (expression_value() below), so that packs can say
  // state = 'done'. The result is null, an integer or a text. Invalid when it is a
  // REAL or a blob, or when the engine stopped it at its work limit.
  virtual Result<Value> evaluate(std::span<const Value> values) const = 0;
};

class ExpressionEngine {
 public:
  virtual ~ExpressionEngine() = default;

  // Invalid, with SQLite's own words, when `text` is not one expression over
  // `fields` and the functions below, or is longer than kExpressionBytesMax. The expression must
  // not outlive the engine.
  virtual Result<std::unique_ptr<Expression>> compile(std::string_view text,
                                                      std::span<const ExpressionField> fields) = 0;
};

// The functions that an expression may call: deterministic, no clock, no random, no REAL result
// from integers.
std::span<const std::string_view> expression_functions();

// Names that stand beside an entity's fields everywhere except in `compute`:
// `today` (Date), `now` (Time) and `me` (Ref staff). The caller gives the values.
std::span<const ExpressionField> expression_surroundings();

// The fields of `entity` that may stand in an expression, in declaration order:
// all but Set fields and, unless `computed`, Computed ones.
std::vector<ExpressionField> expression_fields(const Entity& entity, bool computed);

// What a stored cell is inside an expression: an Enum's name, a row's number,
// else itself.
Value expression_value(const Field& field, const Value& stored);

// The names that `text` mentions outside of quotes, lower-cased, without
// keywords and function names. Invalid on a quoting error or a function or
// token that is not allowed.
Result<std::vector<std::string>> expression_names(std::string_view text);

}  // namespace banyan
