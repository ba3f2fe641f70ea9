// The expressions of packs, worked out by SQLite in a database without tables.
//
// A bank writes these texts, so nothing in them is trusted: no tables, no
// sub-select, no clock, no random, only expression_functions(), and bounds on
// length, depth, size of a result and work.
#pragma once

#include <memory>

#include "shared/catalogue/expression.h"
#include "shared/storage/database.h"

namespace banyan {

class Expressions final : public ExpressionEngine {
 public:
  static Result<std::unique_ptr<Expressions>> create();

  // Every Expression must be gone.
  ~Expressions() override;

  Result<std::unique_ptr<Expression>> compile(std::string_view text,
                                              std::span<const ExpressionField> fields) override;

 private:
  class Compiled;
  struct Work;  // counts virtual machine steps of the running evaluation

  Expressions(std::unique_ptr<Database> db, std::unique_ptr<Work> work);

  std::unique_ptr<Database> db_;
  std::unique_ptr<Work> work_;
};

}  // namespace banyan
