#include "shared/workflow/row_expressions.h"

namespace banyan {

Result<Value> RowExpressions::evaluate(const Entity& entity, const std::string& text,
                                       const Row& row, const Surroundings& around) {
  std::vector<ExpressionField> fields = expression_fields(entity, false);
  std::vector<Value> values;
  for (const ExpressionField& named : fields) {
    const Field& field = *entity.field(named.name);
    values.push_back(expression_value(field, row.cell(field.no)));
  }
  values.insert(values.end(),
                {Value{around.today}, Value{around.now_ms}, Value{number(around.me)}});
  std::unique_ptr<Expression>& compiled = compiled_[{entity.no, text}];
  if (compiled == nullptr) {
    if (engine_ == nullptr) {
      TRY_ASSIGN(engine_, make_());
    }
    const auto beside = expression_surroundings();
    fields.insert(fields.end(), beside.begin(), beside.end());
    TRY_ASSIGN(compiled, engine_->compile(text, fields));
  }
  return compiled->evaluate(values);
}

Result<bool> RowExpressions::holds(const Entity& entity, const std::string& text, const Row& row,
                                   const Surroundings& around) {
  if (text.empty()) return true;
  TRY_ASSIGN(const Value value, evaluate(entity, text, row, around));
  return !is_null(value) && int_of(value) != 0;
}

Value cell_value(const Field& field, const Value& result) {
  if (is_null(result)) return result;
  if (field.type == FieldType::Enum) {
    const Choice* choice = field.choice(text_of(result));
    return choice == nullptr ? Value{} : Value{choice->no};
  }
  if (field.type == FieldType::Ref) return Value{row_of(result)};
  return result;
}

}  // namespace banyan
