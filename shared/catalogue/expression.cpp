#include "shared/catalogue/expression.h"

#include <algorithm>
#include <utility>

#include "shared/base/text.h"

namespace banyan {

namespace {

constexpr std::string_view kFunctions[] = {
    "abs",    "char", "coalesce", "glob",      "hex",  "ifnull",  "iif",    "instr",
    "length", "like", "lower",    "ltrim",     "max",  "min",     "nullif", "replace",
    "rtrim",  "sign", "substr",   "substring", "trim", "unicode", "upper"};

constexpr std::string_view kWords =
    " and as between case cast else end escape false glob in is isnull like not notnull null or "
    "then true when ";

constexpr int kNestingMax = 30;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_function(std::string_view name) {
  return std::find(std::begin(kFunctions), std::end(kFunctions), name) != std::end(kFunctions);
}

// Walks over the tokens that the language has. What it lets through is still compiled by
// the engine: this only keeps out what has no place in a pack at all, and finds the names.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> names() {
    while (at_ < text_.size()) TRY(token());
    if (depth_ != 0) return wrong("a ( is not closed");
    if (!any_) return wrong("is empty");
    return std::move(names_);
  }

 private:
  Error wrong(std::string what) const { return fail(ErrorCode::Invalid, std::move(what)); }

  Status token() {
    const char c = text_[at_];
    if (c == ' ' || c == '\n' || c == '\t') {
      ++at_;
      return {};
    }
    any_ = true;
    if (c == '\'') return quoted();
    if (is_digit(c)) return integer();
    if (is_letter(c)) return word();
    return sign(c);
  }

  Status quoted() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') continue;
      ++at_;
      if (at_ == text_.size() || text_[at_] != '\'') return {};  // '' is a quote inside
    }
    return wrong("a ' is not closed");
  }

  Status integer() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ - start > 18) return wrong("a number has at most 18 digits");
    if (at_ < text_.size() && (text_[at_] == '.' || is_letter(text_[at_]))) {
      return wrong("numbers are whole: money is minor units, a percentage basis points");
    }
    return {};
  }

  Status word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    std::string name(text_.substr(start, at_ - start));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (at_ < text_.size() && text_[at_] == '\'') return wrong("no blobs");
    if (std::exchange(after_as_, name == "as")) {  // cast(x as integer): a type, no field
      if (name == "integer" || name == "text") return {};
      return wrong("a cast makes an integer or a text");
    }
    std::size_t after = at_;
    while (after < text_.size() && text_[after] == ' ') ++after;
    const bool called = after < text_.size() && text_[after] == '(';
    if (called && is_function(name)) return {};
    if (kWords.find(" " + name + " ") != std::string_view::npos) return {};
    if (called) return wrong("there is no function \"" + name + "\"");
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
      names_.push_back(std::move(name));
    }
    return {};
  }

  Status sign(char c) {
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, 2) == "--" || rest.substr(0, 2) == "/*") return wrong("no comments");
    if (std::string_view("+-*/%<>=!|&~(),").find(c) == std::string_view::npos) {
      return wrong(std::string("the character ") + c + " has no place in an expression");
    }
    if (c == '(' && ++depth_ > kNestingMax) return wrong("nested too deep");
    if (c == ')' && --depth_ < 0) return wrong("a ) closes nothing");
    ++at_;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool any_ = false;
  bool after_as_ = false;
  std::vector<std::string> names_;
};

}  // namespace

std::span<const std::string_view> expression_functions() { return kFunctions; }

std::span<const ExpressionField> expression_surroundings() {
  static const ExpressionField kSurroundings[] = {
      {"today", FieldType::Date}, {"now", FieldType::Time}, {"me", FieldType::Ref}};
  return kSurroundings;
}

std::vector<ExpressionField> expression_fields(const Entity& entity, bool computed) {
  std::vector<ExpressionField> fields;
  for (const Field& field : entity.fields) {
    if (field.merge == Merge::Set || (field.merge == Merge::Computed && !computed)) continue;
    fields.push_back({field.name, field.type});
  }
  return fields;
}

Value expression_value(const Field& field, const Value& stored) {
  if (is_null(stored)) return stored;
  if (field.type == FieldType::Enum) {
    const Choice* choice = field.choice(int_of(stored));
    return choice == nullptr ? Value{} : Value{choice->name};
  }
  if (field.type == FieldType::Ref) return int_of(stored);
  return stored;
}

Result<std::vector<std::string>> expression_names(std::string_view text) {
  if (text.size() > kExpressionBytesMax) {
    return fail(ErrorCode::Invalid, "is longer than " + std::to_string(kExpressionBytesMax));
  }
  return Scanner(text).names();
}

}  // namespace banyan
