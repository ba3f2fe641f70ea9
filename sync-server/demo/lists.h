// The hand-written lists in assets/demo: names, places, phrases, the cast.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/json.h"
#include "shared/base/result.h"
#include "sync-server/demo/dice.h"

namespace banyan::demo {

using Texts = std::vector<std::string>;

struct Generation {
  std::int64_t born_from = 0, born_to = 0;
  int one_character_percent = 0;
  struct Given {
    Texts first, second, single;  // one character each
  } female, male;
};

struct Names {
  Texts surnames;
  Weights weights;  // of the surnames
  std::vector<Generation> generations;
};

struct BranchPlace {
  std::string name, parent, place, code;  // parent: empty for the county bank
  std::uint64_t weight = 1;
  std::int64_t north_m = 0, east_m = 0;
  Texts villages;
  bool urban = false;
};

struct Places {
  std::string province, province_code, county, county_place, county_code;
  std::int64_t latitude_micro = 0, longitude_micro = 0;
  std::vector<BranchPlace> branches;
};

// One kind of contact, visit, task ... with the texts to choose from.
struct Phrase {
  std::map<std::string, std::string, std::less<>> words;  // "channel" -> "phone"
  Texts texts;
  std::string_view word(std::string_view key) const;  // empty when absent
};

struct Phrases {
  std::vector<Phrase> interactions, visits, tasks, needs, preferences, requests;
  std::map<std::string, Texts, std::less<>> money, firms;
  const Texts& of_money(std::string_view kind) const;
  const Texts& of_firms(std::string_view kind) const;
};

struct Lists {
  Names names;
  Places places;
  Phrases phrases;
  Json cast;

  // Invalid names the file and what is wrong in it. NotFound without a file.
  static Result<Lists> load(const std::filesystem::path& folder);
};

// The characters of a UTF-8 text, one string each.
Texts characters_of(std::string_view text);

}  // namespace banyan::demo
