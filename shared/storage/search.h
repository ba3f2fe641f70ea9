// Finds people as one types: by a part of the Chinese name, by pinyin, by
// initials, by the end of a phone, ID or account number.
//
// One FTS5 table without content: a token per Han character (so that a phrase
// is a substring), joined pinyin and initials of every suffix of the name, and
// numbers forwards and backwards (so that a tail is a prefix). The tables'
// usual tokenizers find nothing for two Chinese characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/storage/database.h"

namespace banyan {

struct Findable {
  RowId id{};
  std::string name;
  bool person = true;                // a surname is read as surnames are
  std::vector<std::string> numbers;  // phone, ID number, account numbers ...
};

enum class MatchKind : std::uint8_t { None, Name, Pinyin, Initials, Number };

class SearchIndex {
 public:
  // `db` must outlive the index. Creates what is missing.
  static Result<SearchIndex> open(Database& db);

  // In the caller's transaction. put() replaces what was there for the id; it
  // costs nothing when nothing that is searched has changed.
  Status put(const Findable& row);
  Status remove(RowId id);
  Status clear();

  // At most `count_max` ids in no order; ranking is the caller's. An empty or
  // unusable question finds nothing.
  Result<std::vector<RowId>> find(std::string_view typed, std::size_t count_max);

  // How `typed` would be looked for: what the search field tells the person.
  static MatchKind kind_of(std::string_view typed);

  // The part of a name (a person's, or any other) that answers `typed`, for showing why it was
  // found; empty where a number, or more than one part, did.
  static std::string_view part_of(std::string_view name, bool person, std::string_view typed);

  // The question in FTS5's language, empty when nothing can be asked.
  static std::string match_of(std::string_view typed);

 private:
  explicit SearchIndex(Database& db) : db_(&db) {}
  Database* db_;
};

}  // namespace banyan
