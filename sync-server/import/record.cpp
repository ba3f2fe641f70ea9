#include "sync-server/import/record.h"

namespace banyan {

bool RecordReader::next(std::vector<Reject>& rejects) {
  while (table_.next()) {
    ++lines_read_;
    reason_.clear();
    if (table_.broken().empty()) return true;
    rejects.push_back({table_.name(), table_.line(), std::string(table_.broken())});
  }
  return false;
}

std::string_view RecordReader::view(std::string_view column) {
  const auto at = table_.column(column);
  if (!at) {
    reject(column, "is missing");
    return {};
  }
  return table_.field(*at);
}

std::string RecordReader::text(std::string_view column, std::size_t bytes_max) {
  const std::string_view raw = view(column);
  if (raw.size() > bytes_max) {
    reject(column, "is too long");
    return {};
  }
  for (const char c : raw) {
    if (static_cast<unsigned char>(c) < 0x20) {
      reject(column, "holds a control character");
      return {};
    }
  }
  return std::string(raw);
}

std::int64_t RecordReader::positive(std::string_view column) {
  const auto value = parse_integer(view(column));
  if (value && *value > 0) return *value;
  reject(column, "is no number above zero");
  return 0;
}

std::int64_t RecordReader::amount(std::string_view column) {
  const auto value = parse_minor(view(column));
  if (value && *value > 0) return *value;
  reject(column, "is no amount above zero");
  return 0;
}

std::int64_t RecordReader::balance(std::string_view column) {
  const auto value = parse_minor(view(column));
  if (value) return *value;
  reject(column, "is no amount");
  return 0;
}

std::int64_t RecordReader::day(std::string_view column) {
  const auto value = parse_day(view(column));
  if (value) return *value;
  reject(column, "is no date");
  return 0;
}

void RecordReader::reject(std::string_view column, std::string_view why) {
  if (reason_.empty()) reason_.append(column).append(" ").append(why);
}

}  // namespace banyan
