#include "sync-server/import/line_table.h"

#include <zlib.h>

#include <charconv>
#include <memory>

#include "shared/base/date.h"

namespace banyan {

Result<std::string> read_unpacked(const std::filesystem::path& path, std::size_t bytes_max) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return fail(ErrorCode::NotFound, "no file " + path.string());
  }
  // gzopen passes a file that is not gzip through unchanged.
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return fail(ErrorCode::Io, "cannot open " + path.string());
  gzbuffer(file.get(), 1U << 17);

  constexpr unsigned kStep = 1U << 18;
  std::string content;
  for (;;) {
    const std::size_t size = content.size();
    content.resize(size + kStep);
    const int got = gzread(file.get(), content.data() + size, kStep);
    if (got < 0) return fail(ErrorCode::Corrupt, "cannot unpack " + path.string());
    content.resize(size + static_cast<std::size_t>(got));
    if (content.size() > bytes_max) return fail(ErrorCode::TooLarge, path.string());
    if (got == 0) break;
  }
  // A gzip file that was cut reads like one that ended, up to here.
  if (gzclose_r(file.release()) != Z_OK) {
    return fail(ErrorCode::Corrupt, "cut short: " + path.string());
  }
  return content;
}

Result<LineTable> LineTable::open(const std::filesystem::path& path, char separator) {
  TRY_ASSIGN(std::string content, read_unpacked(path, kBytesMax));
  return parse(path.filename().string(), std::move(content), separator);
}

Result<LineTable> LineTable::parse(std::string name, std::string content, char separator) {
  LineTable table;
  table.name_ = std::move(name);
  table.content_ = std::move(content);
  table.separator_ = separator;
  if (!table.next() || !table.broken().empty()) {
    return fail(ErrorCode::Invalid, table.name_ + " has no header line");
  }
  table.header_.assign(table.fields_.begin(), table.fields_.end());
  return table;
}

bool LineTable::has_column(std::string_view header) const {
  for (const std::string& name : header_) {
    if (name == header) return true;
  }
  return false;
}

Result<std::size_t> LineTable::column(std::string_view header) const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == header) return i;
  }
  return fail(ErrorCode::Invalid, name_ + " has no column " + std::string(header));
}

bool LineTable::next() {
  while (at_ < content_.size()) {
    std::size_t end = content_.find('\n', at_);
    if (end == std::string::npos) end = content_.size();
    const std::size_t begin = at_;
    at_ = end + 1;
    ++line_;
    if (end > begin && content_[end - 1] == '\r') --end;
    if (end == begin) continue;
    broken_ = {};
    if (split(begin, end) && !header_.empty() && fields_.size() != header_.size()) {
      broken_ = fields_.size() < header_.size() ? "too few fields" : "too many fields";
    }
    return true;
  }
  return false;
}

bool LineTable::split(std::size_t begin, std::size_t end) {
  fields_.clear();
  for (std::size_t at = begin;;) {
    if (at < end && content_[at] == '"') {
      if (!take_quoted(at, end)) return false;
    } else {
      const std::string_view rest = std::string_view(content_).substr(at, end - at);
      fields_.push_back(rest.substr(0, rest.find(separator_)));
      at += fields_.back().size();
    }
    if (at >= end) return true;
    ++at;  // the separator; a line may end with one, then an empty field follows
  }
}

// `at` stands on the opening quote; afterwards on the separator or the end.
bool LineTable::take_quoted(std::size_t& at, std::size_t end) {
  const std::size_t begin = ++at;
  std::size_t write = begin;
  for (; at < end; ++at) {
    if (content_[at] == '"') {
      if (at + 1 == end || content_[at + 1] != '"') break;
      ++at;  // a doubled quote is one quote
    }
    content_[write++] = content_[at];
  }
  if (at >= end) {
    broken_ = "quote is never closed";
    return false;
  }
  ++at;
  if (at < end && content_[at] != separator_) {
    broken_ = "text after a closing quote";
    return false;
  }
  fields_.push_back(std::string_view(content_).substr(begin, write - begin));
  return true;
}

std::string_view LineTable::field(std::size_t column) const {
  BANYAN_CHECK(broken_.empty() && column < fields_.size());
  return fields_[column];
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_minor(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  std::string_view whole = text.substr(0, dot);
  std::string_view cents = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 15 || cents.size() > 2) return std::nullopt;
  if (dot != std::string_view::npos && cents.empty()) return std::nullopt;

  std::int64_t minor = 0;
  const auto add = [&minor](std::string_view digits) {
    for (const char c : digits) {
      if (c < '0' || c > '9') return false;
      minor = minor * 10 + (c - '0');
    }
    return true;
  };
  if (!add(whole) || !add(cents)) return std::nullopt;
  for (std::size_t i = cents.size(); i < 2; ++i) minor *= 10;
  return negative ? -minor : minor;
}

std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != 6) return parse_date(text);
  std::string iso = "19";
  iso.append(text.substr(0, 2)).append("-").append(text.substr(2, 2));
  return parse_date(iso.append("-").append(text.substr(4, 2)));
}

}  // namespace banyan
