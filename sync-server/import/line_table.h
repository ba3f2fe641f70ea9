// A delivered file as lines of fields: separated by one character, text
// optionally in double quotes, LF or CRLF, plain or gzip.
//
// A core-banking file has one record a line; a quoted line break does not
// exist in it, so a broken quote spoils one line and never the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace banyan {

class LineTable {
 public:
  // Refuses a file that unpacks to more (TooLarge).
  static constexpr std::size_t kBytesMax = std::size_t{1} << 30;

  // Reads the whole file and its header line. NotFound, Io, Corrupt (gzip), Invalid (no header).
  static Result<LineTable> open(const std::filesystem::path& path, char separator);
  // The same from memory; `name` is used in messages.
  static Result<LineTable> parse(std::string name, std::string content, char separator);

  const std::string& name() const { return name_; }

  // Place of a column by its header. Invalid names the file and the column.
  Result<std::size_t> column(std::string_view header) const;
  bool has_column(std::string_view header) const;

  // Moves to the next line that is not empty. False at the end.
  bool next();
  std::uint64_t line() const { return line_; }  // from 1, the header line counts

  // Empty when the line is whole; else why it cannot be read.
  std::string_view broken() const { return broken_; }
  // Valid until next(). Asserts that the line is not broken.
  std::string_view field(std::size_t column) const;

 private:
  bool split(std::size_t begin, std::size_t end);
  bool take_quoted(std::size_t& at, std::size_t end);

  std::string name_;
  std::string content_;  // quoted fields are unescaped in place
  char separator_ = ';';
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::string_view broken_;
};

// A file's bytes, unpacked when it is gzip. NotFound, Io, Corrupt, TooLarge.
Result<std::string> read_unpacked(const std::filesystem::path& path, std::size_t bytes_max);

// Strict readings of one field: the whole text must be the thing.
std::optional<std::int64_t> parse_integer(std::string_view text);
// "-5446.60" -> -544660. At most two decimals; no sign but a leading minus.
std::optional<std::int64_t> parse_minor(std::string_view text);
// YYMMDD of the years 1900-1999, or YYYY-MM-DD -> days since 1970-01-01.
std::optional<std::int64_t> parse_day(std::string_view text);

}  // namespace banyan
