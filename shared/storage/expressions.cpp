#include "shared/storage/expressions.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace banyan {
namespace {

constexpr int kStepsPerCall = 1000;
constexpr int kCallsMax = 100;  // 100,000 steps: far more than any honest check
constexpr int kDepthMax = 100;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Words that open a query inside an expression, or that only make sense there.
bool opens_query(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords{"select", "values", "with",
                                                   "exists", "over",   "raise"};
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// Where a quoted piece that starts at `at` ends; npos when it does not.
std::size_t end_of_quote(std::string_view text, std::size_t at) {
  const char close = text[at] == '[' ? ']' : text[at];
  return text.find(close, at + 1);  // a doubled quote reads as the next piece
}

// Invalid unless `text` stays inside the brackets that it will be put in, and
// holds neither query nor parameter nor comment.
Status check_shape(std::string_view text) {
  if (text.size() > kExpressionBytesMax) return fail(ErrorCode::Invalid, "longer than allowed");
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      at = end_of_quote(text, at);
      if (at == std::string_view::npos) return fail(ErrorCode::Invalid, "a quote is not closed");
    } else if (is_word(c)) {
      const std::size_t start = at;
      while (at + 1 < text.size() && is_word(text[at + 1])) ++at;
      if (opens_query(text.substr(start, at + 1 - start))) {
        return fail(ErrorCode::Invalid, "a query inside an expression");
      }
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth < 0) {
      return fail(ErrorCode::Invalid, "a bracket closes what it did not open");
    } else if (std::string_view("?:@$#;").find(c) != std::string_view::npos || c == '\0' ||
               text.substr(at, 2) == "--" || text.substr(at, 2) == "/*") {
      return fail(ErrorCode::Invalid, "a parameter, a comment or an end of statement");
    }
  }
  if (depth != 0) return fail(ErrorCode::Invalid, "a bracket is not closed");
  return {};
}

std::string wrap(std::string_view text, std::span<const ExpressionField> fields) {
  std::string sql = "SELECT (" + std::string(text) + ")";
  if (fields.empty()) return sql;
  int parameter = 0;
  sql += " FROM (SELECT ";
  for (const ExpressionField& field : fields) {
    if (parameter > 0) sql += ", ";
    sql += "?" + std::to_string(++parameter) + " AS \"" + field.name + "\"";
  }
  return sql + ")";
}

bool allowed(const Database::Access& access) {
  if (access.kind == Database::Access::Kind::Select) return true;
  if (access.kind != Database::Access::Kind::Function) return false;
  const auto functions = expression_functions();
  return std::find(functions.begin(), functions.end(), access.what) != functions.end();
}

}  // namespace

struct Expressions::Work {
  int calls = 0;
};

class Expressions::Compiled final : public Expression {
 public:
  Compiled(Statement statement, std::size_t fields, Work& work)
      : statement_(std::move(statement)), fields_(fields), work_(work) {}

  Result<Value> evaluate(std::span<const Value> values) const override {
    BANYAN_CHECK(values.size() == fields_);
    work_.calls = 0;
    int parameter = 0;
    for (const Value& value : values) statement_.bind(++parameter, value);
    const auto row = statement_.step();
    if (!row.ok()) return fail(ErrorCode::Invalid, row.error().detail);
    const bool exact = !statement_.is_real(0) && !statement_.is_blob(0);
    Result<Value> result =
        exact ? statement_.value(0) : fail(ErrorCode::Invalid, "neither a whole number nor a text");
    statement_.reset();
    return result;
  }

 private:
  // Evaluating leaves no trace in it.
  mutable Statement statement_;
  std::size_t fields_;
  Work& work_;
};

Expressions::Expressions(std::unique_ptr<Database> db, std::unique_ptr<Work> work)
    : db_(std::move(db)), work_(std::move(work)) {}

Expressions::~Expressions() = default;

Result<std::unique_ptr<Expressions>> Expressions::create() {
  DatabaseOptions options;
  options.cache_bytes = 64 << 10;
  TRY_ASSIGN(auto db, Database::open(options));
  constexpr int kWrapperBytesMax = 32 << 10;
  db->limit_user_sql(kWrapperBytesMax, kDepthMax);
  auto work = std::make_unique<Work>();
  db->on_progress(kStepsPerCall, [w = work.get()] { return ++w->calls > kCallsMax; });
  db->authorize(allowed);
  return std::unique_ptr<Expressions>(new Expressions(std::move(db), std::move(work)));
}

Result<std::unique_ptr<Expression>> Expressions::compile(std::string_view text,
                                                         std::span<const ExpressionField> fields) {
  TRY(check_shape(text));
  work_->calls = 0;
  Result<Statement> statement = db_->statement(wrap(text, fields));
  if (!statement.ok()) return fail(ErrorCode::Invalid, statement.error().detail);
  if (statement->columns() != 1) return fail(ErrorCode::Invalid, "more than one value");
  return std::unique_ptr<Expression>(
      std::make_unique<Compiled>(std::move(*statement), fields.size(), *work_));
}

}  // namespace banyan
