// A file that a core-banking system delivers: lines of fields, the first byte is the separator.
// What cannot be read spoils its own line and no other one: every line reads as it would alone.
// Numbers and days are read strictly.
#include <string>

#include "shared/base/date.h"
#include "sync-server/import/line_table.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

constexpr std::size_t kColumns = 3;

std::string with_header(char separator, std::string_view lines) {
  std::string out = "a";
  out.append(1, separator).append("b").append(1, separator).append("c\n").append(lines);
  return out;
}

void read_field(std::string_view field) {
  if (const auto number = parse_integer(field)) {
    BANYAN_CHECK(parse_integer(std::to_string(*number)) == number);
  }
  if (const auto minor = parse_minor(field)) {
    const std::uint64_t value = static_cast<std::uint64_t>(*minor < 0 ? -*minor : *minor);
    std::string again = *minor < 0 ? "-" : "";
    again += std::to_string(value / 100) + "." + std::to_string(value / 10 % 10) +
             std::to_string(value % 10);
    BANYAN_CHECK(parse_minor(again) == minor);
  }
  if (const auto day = parse_day(field)) BANYAN_CHECK(parse_day(format_date(*day)) == day);
}

// `table` stands on `line`.
void read_line(const LineTable& table, std::string_view line, char separator) {
  auto alone = LineTable::parse("alone", with_header(separator, line), separator);
  BANYAN_CHECK(alone.ok() && alone->next() && alone->broken() == table.broken());
  if (!table.broken().empty()) return;
  for (std::size_t i = 0; i < kColumns; ++i) {
    BANYAN_CHECK(alone->field(i) == table.field(i) && table.field(i).size() <= line.size());
    read_field(table.field(i));
  }
  BANYAN_CHECK(!alone->next());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const char separator = static_cast<char>(data[0]);
  if (separator == '"' || separator == '\n' || separator == '\r') return 0;
  const std::string_view text = as_text(ByteView(data + 1, size - 1));
  if (auto any = LineTable::parse("any", std::string(text), separator)) {
    while (any->next()) (void)any->broken();
  }
  auto table = LineTable::parse("fuzz", with_header(separator, text), separator);
  BANYAN_CHECK(table.ok());
  std::uint64_t number = 1;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++number;
    if (line.empty() || line == "\r") continue;
    BANYAN_CHECK(table->next() && table->line() == number);
    read_line(*table, line, separator);
  }
  BANYAN_CHECK(!table->next());
  return 0;
}
