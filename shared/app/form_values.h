// From what is typed to what a cell holds, and back; for form.cpp only.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/app/form.h"
#include "shared/catalogue/expression.h"

namespace banyan {

// What a form starts with, by the pack's `default` expressions.
class InitialValues {
 public:
  explicit InitialValues(Session& session) : session_(session) {}
  Value of(const Field& field) const;

 private:
  Session& session_;
};

// Fills text, choice or ref of the item from a stored value.
void show(const Value& value, const Field& field, Form::Item& item);
// The stored form of what is typed; null for nothing or for what is no value.
Value parse(const Form::Item& item);

Form::Flaw flaw_of_value(const Form::Item& item);
// `kind`: the choice of id_kind, such as "resident" or "credit_code".
Form::Flaw flaw_of_id(std::string_view text, std::string_view kind, std::int64_t today);

// Whether a rule holds; true for null, and for a rule that cannot be worked out
// (which is noted): a broken pack must not keep people from saving.
bool holds(Session& session, const std::string& rule, std::span<const ExpressionField> fields,
           std::vector<Value> values);

// One row operation for every element that comes or goes.
void add_set_changes(const Entity& entity, RowId row, const Field& field,
                     const std::vector<std::int64_t>& before,
                     const std::vector<std::int64_t>& after, std::vector<RowWrite>& out);

}  // namespace banyan
