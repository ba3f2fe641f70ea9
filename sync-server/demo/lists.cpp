#include "sync-server/demo/lists.h"

#include <fstream>
#include <sstream>

#include "sync-server/demo/json_reader.h"

namespace banyan::demo {
namespace {

constexpr std::size_t kDepthMax = 12;

Result<Json> read_json(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::NotFound, "no file " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return parse_json(text.str(), kDepthMax, path.filename().string());
}

Generation::Given read_given(const Json& json, JsonReader& in) {
  return {characters_of(in.text(json, "first")), characters_of(in.text(json, "second")),
          characters_of(in.text(json, "single"))};
}

Result<Names> read_names(const Json& json) {
  JsonReader in("names.json");
  Names names;
  for (const Json& pair : in.list(json, "surnames")) {
    const bool good = pair.is_array() && pair.size() == 2 && json_text(pair[0]) &&
                      json_int(pair[1]).value_or(0) > 0;
    if (!good) {
      in.wrong("surnames", "holds something that is no [name, weight]");
      break;
    }
    names.surnames.emplace_back(*json_text(pair[0]));
    names.weights.add(static_cast<std::uint64_t>(*json_int(pair[1])));
  }
  for (const Json& item : in.list(json, "generations")) {
    Generation g;
    g.born_from = in.integer(item, "born_from");
    g.born_to = in.integer(item, "born_to");
    g.one_character_percent = static_cast<int>(in.integer(item, "one_character"));
    g.female = read_given(in.list(item, "female"), in);
    g.male = read_given(in.list(item, "male"), in);
    names.generations.push_back(std::move(g));
  }
  if (names.surnames.empty() || names.generations.empty()) in.wrong("surnames", "is empty");
  TRY(in.status());
  return names;
}

Result<Places> read_places(const Json& json) {
  JsonReader in("places.json");
  Places places;
  const Json& province = in.list(json, "province");
  const Json& county = in.list(json, "county");
  const Json& center = in.list(json, "center");
  places.province = in.text(province, "name");
  places.province_code = in.text(province, "code");
  places.county = in.text(county, "name");
  places.county_place = in.text(county, "place");
  places.county_code = in.text(county, "code");
  places.latitude_micro = in.integer(center, "latitude_micro");
  places.longitude_micro = in.integer(center, "longitude_micro");
  for (const Json& item : in.list(json, "branches")) {
    BranchPlace branch;
    branch.name = in.text(item, "name");
    branch.parent = in.text_or(item, "parent", "");
    branch.place = in.text(item, "place");
    branch.code = in.text(item, "code");
    branch.weight = static_cast<std::uint64_t>(in.integer(item, "weight"));
    branch.north_m = in.integer(item, "north_m");
    branch.east_m = in.integer(item, "east_m");
    branch.villages = in.texts(item, "villages");
    branch.urban = in.flag(item, "urban");
    if (branch.villages.empty()) in.wrong("villages", "is empty");
    places.branches.push_back(std::move(branch));
  }
  if (places.branches.empty()) in.wrong("branches", "is empty");
  TRY(in.status());
  return places;
}

std::vector<Phrase> read_phrases(const Json& json, std::string_view key, JsonReader& in) {
  std::vector<Phrase> phrases;
  for (const Json& item : in.list(json, key)) {
    Phrase phrase;
    for (const auto& [name, value] : item.items()) {
      if (const auto text = json_text(value)) phrase.words.emplace(name, *text);
    }
    phrase.texts = in.texts(item, item.contains("notes") ? "notes" : "texts");
    phrases.push_back(std::move(phrase));
  }
  if (phrases.empty()) in.wrong(key, "is empty");
  return phrases;
}

Result<Phrases> read_all_phrases(const Json& json) {
  JsonReader in("phrases.json");
  Phrases phrases;
  phrases.interactions = read_phrases(json, "interactions", in);
  phrases.visits = read_phrases(json, "visits", in);
  phrases.tasks = read_phrases(json, "tasks", in);
  phrases.needs = read_phrases(json, "needs", in);
  phrases.preferences = read_phrases(json, "preferences", in);
  phrases.requests = read_phrases(json, "requests", in);
  for (const auto& [name, value] : in.list(json, "money").items()) {
    phrases.money[name] = in.texts(json.at("money"), name);
  }
  for (const auto& [name, value] : in.list(json, "firms").items()) {
    phrases.firms[name] = in.texts(json.at("firms"), name);
  }
  TRY(in.status());
  return phrases;
}

const Texts& list_of(const std::map<std::string, Texts, std::less<>>& lists,
                     std::string_view kind) {
  static const Texts kNone{""};
  const auto found = lists.find(kind);
  return found == lists.end() || found->second.empty() ? kNone : found->second;
}

}  // namespace

std::string_view Phrase::word(std::string_view key) const {
  const auto found = words.find(key);
  return found == words.end() ? std::string_view{} : found->second;
}

const Texts& Phrases::of_money(std::string_view kind) const { return list_of(money, kind); }
const Texts& Phrases::of_firms(std::string_view kind) const { return list_of(firms, kind); }

Result<Lists> Lists::load(const std::filesystem::path& folder) {
  Lists lists;
  TRY_ASSIGN(const Json names, read_json(folder / "names.json"));
  TRY_ASSIGN(lists.names, read_names(names));
  TRY_ASSIGN(const Json places, read_json(folder / "places.json"));
  TRY_ASSIGN(lists.places, read_places(places));
  TRY_ASSIGN(const Json phrases, read_json(folder / "phrases.json"));
  TRY_ASSIGN(lists.phrases, read_all_phrases(phrases));
  TRY_ASSIGN(lists.cast, read_json(folder / "cast.json"));
  return lists;
}

Texts characters_of(std::string_view text) {
  Texts out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    while (at + size < text.size() &&
           (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80) {
      ++size;
    }
    out.emplace_back(text.substr(at, size));
    at += size;
  }
  return out;
}

}  // namespace banyan::demo
