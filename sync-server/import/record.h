// One line of a delivered file, read field by field. The first thing that is
// wrong with a line is why it is rejected; reading on returns zeros.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync-server/import/import.h"
#include "sync-server/import/line_table.h"

namespace banyan {

class RecordReader {
 public:
  explicit RecordReader(LineTable& table) : table_(table) {}

  // Moves to the next line that can be read at all; broken ones are noted in
  // `rejects`. False at the end.
  bool next(std::vector<Reject>& rejects);
  std::uint64_t line() const { return table_.line(); }
  std::uint64_t lines_read() const { return lines_read_; }

  bool has(std::string_view column) const { return table_.has_column(column); }
  std::string_view view(std::string_view column);
  // Refuses control characters and more than `bytes_max`.
  std::string text(std::string_view column, std::size_t bytes_max);
  std::int64_t positive(std::string_view column);
  std::int64_t amount(std::string_view column);   // minor units, above zero
  std::int64_t balance(std::string_view column);  // minor units, any sign
  std::int64_t day(std::string_view column);

  // The meaning of one of the known spellings.
  template <class Words>
  auto word(std::string_view column, const Words& words) {
    const std::string_view text = view(column);
    for (const auto& word : words) {
      if (word.text == text) return word.meaning;
    }
    reject(column, "is no word of this file's language");
    return decltype(words[0].meaning){};
  }

  void reject(std::string_view column, std::string_view why);
  bool accepted() const { return reason_.empty(); }
  const std::string& reason() const { return reason_; }

 private:
  LineTable& table_;
  std::uint64_t lines_read_ = 0;
  std::string reason_;
};

}  // namespace banyan
