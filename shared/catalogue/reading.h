// Reading one JSON object of a pack: every key is asked for by name and type,
// what is wrong is noted with its place, and what nobody asked for is wrong too.
// Internal to this folder.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/json.h"
#include "shared/catalogue/catalogue.h"
#include "shared/catalogue/packs.h"

namespace banyan::packs {

inline constexpr std::int64_t kNumberMax = 0xFFFF'FFFF;  // "no" of anything

// Where something stands, for the message about it.
struct Spot {
  std::string file, path;
  Spot at(std::string_view key) const { return {file, json_path(path, key)}; }
  Spot at(std::size_t index) const { return {file, json_path(path, index)}; }
};

class Problems {
 public:
  static constexpr std::size_t kMax = 500;  // more help nobody

  void add(const Spot& spot, std::string reason);
  const std::vector<PackError>& list() const { return list_; }
  bool empty() const { return list_.empty(); }

 private:
  std::vector<PackError> list_;
};

class ObjectReader {
 public:
  // `json` must outlive the reader.
  ObjectReader(const Json& json, Spot spot, Problems& problems);

  const Spot& spot() const { return spot_; }
  Spot at(std::string_view key) const { return spot_.at(key); }
  void wrong(std::string_view key, std::string reason) {
    problems_.add(at(key), std::move(reason));
  }

  bool has(std::string_view key) const { return json_member(json_, key) != nullptr; }
  const Json* take(std::string_view key);  // any type; null when absent

  // A missing or mistyped key is noted, and the empty value comes back.
  std::string text(std::string_view key);
  std::string name(std::string_view key);  // [a-z][a-z0-9_]*, at most 40
  std::int64_t integer(std::string_view key, std::int64_t from, std::int64_t to);
  Label label(std::string_view key);

  // The same for keys that may be absent.
  std::string text_if(std::string_view key);
  std::int64_t integer_if(std::string_view key, std::int64_t from, std::int64_t to,
                          std::int64_t absent);
  bool flag_if(std::string_view key, bool absent = false);
  Label label_if(std::string_view key);
  std::vector<std::string> names_if(std::string_view key);  // each once
  // The items of an array; `what` says in a message what they should be.
  std::vector<std::pair<const Json*, Spot>> items_if(std::string_view key);

  // Notes every key that was not asked for. Call it last.
  void finish();

 private:
  const Json& json_;
  Spot spot_;
  Problems& problems_;
  std::set<std::string, std::less<>> taken_;
};

// Both texts there, neither empty nor longer than `max` code points.
Label read_label(const Json& json, const Spot& spot, Problems& problems, std::size_t max = 60);

// The texts of a list, each once and not empty.
std::vector<std::string> read_names(const Json& list, const Spot& spot, Problems& problems);

// Why `name` may not name a pack's thing, or empty. A column's name is stricter:
// it stands in SQL and in expressions.
std::string name_problem(std::string_view name);
std::string column_problem(std::string_view name);

// "a, b or c", for messages.
std::string list_of(const std::vector<std::string_view>& names);

}  // namespace banyan::packs
