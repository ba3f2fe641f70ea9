#include "shared/catalogue/reading.h"

#include <algorithm>

#include "shared/base/text.h"

namespace banyan::packs {

void Problems::add(const Spot& spot, std::string reason) {
  if (list_.size() < kMax) list_.push_back({spot.file, spot.path, std::move(reason)});
}

ObjectReader::ObjectReader(const Json& json, Spot spot, Problems& problems)
    : json_(json), spot_(std::move(spot)), problems_(problems) {
  if (!json_.is_object()) problems_.add(spot_, "should be an object");
}

const Json* ObjectReader::take(std::string_view key) {
  taken_.emplace(key);
  return json_member(json_, key);
}

std::string ObjectReader::text(std::string_view key) {
  if (json_.is_object() && !has(key)) wrong(key, "is missing");
  return text_if(key);
}

std::string ObjectReader::text_if(std::string_view key) {
  const Json* json = take(key);
  if (json == nullptr) return {};
  const auto found = json_text(*json);
  if (!found || found->empty()) {
    wrong(key, "should be a text that is not empty");
    return {};
  }
  return std::string(*found);
}

std::string ObjectReader::name(std::string_view key) {
  std::string found = text(key);
  if (found.empty()) return found;
  if (auto problem = name_problem(found); !problem.empty()) wrong(key, std::move(problem));
  return found;
}

std::int64_t ObjectReader::integer(std::string_view key, std::int64_t from, std::int64_t to) {
  if (json_.is_object() && !has(key)) wrong(key, "is missing");
  return integer_if(key, from, to, 0);
}

std::int64_t ObjectReader::integer_if(std::string_view key, std::int64_t from, std::int64_t to,
                                      std::int64_t absent) {
  const Json* json = take(key);
  if (json == nullptr) return absent;
  const auto found = json_int(*json);
  if (found && *found >= from && *found <= to) return *found;
  wrong(key, "should be a whole number from " + std::to_string(from) + " to " + std::to_string(to));
  return absent;
}

bool ObjectReader::flag_if(std::string_view key, bool absent) {
  const Json* json = take(key);
  if (json == nullptr) return absent;
  const auto found = json_bool(*json);
  if (!found) wrong(key, "should be true or false");
  return found.value_or(absent);
}

Label ObjectReader::label(std::string_view key) {
  if (json_.is_object() && !has(key)) wrong(key, "is missing");
  return label_if(key);
}

Label ObjectReader::label_if(std::string_view key) {
  const Json* json = take(key);
  return json == nullptr ? Label{} : read_label(*json, at(key), problems_);
}

std::vector<std::string> ObjectReader::names_if(std::string_view key) {
  const Json* json = take(key);
  return json == nullptr ? std::vector<std::string>{} : read_names(*json, at(key), problems_);
}

std::vector<std::pair<const Json*, Spot>> ObjectReader::items_if(std::string_view key) {
  std::vector<std::pair<const Json*, Spot>> items;
  const Json* json = take(key);
  if (json == nullptr) return items;
  if (!json->is_array()) {
    wrong(key, "should be a list");
    return items;
  }
  for (std::size_t i = 0; i < json->size(); ++i) items.emplace_back(&(*json)[i], at(key).at(i));
  return items;
}

void ObjectReader::finish() {
  if (!json_.is_object()) return;
  for (const auto& [key, value] : json_.items()) {
    if (taken_.count(key) == 0) wrong(key, "is no key that is known here");
  }
}

Label read_label(const Json& json, const Spot& spot, Problems& problems, std::size_t max) {
  ObjectReader reader(json, spot, problems);
  Label label{reader.text("zh"), reader.text("en")};
  reader.finish();
  for (const auto& [key, text] : {std::pair{"zh", &label.zh}, std::pair{"en", &label.en}}) {
    // English is about three times as long in code points as Chinese.
    const std::size_t most = key[0] == 'z' ? max : 3 * max;
    if (utf8_length(*text) > most) {
      problems.add(spot.at(key), "is longer than " + std::to_string(most) + " characters");
    }
  }
  return label;
}

std::vector<std::string> read_names(const Json& list, const Spot& spot, Problems& problems) {
  std::vector<std::string> names;
  if (!list.is_array()) {
    problems.add(spot, "should be a list");
    return names;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto found = json_text(list[i]);
    if (!found || found->empty()) {
      problems.add(spot.at(i), "should be a text that is not empty");
    } else if (std::find(names.begin(), names.end(), *found) != names.end()) {
      problems.add(spot.at(i), "\"" + std::string(*found) + "\" stands twice");
    } else {
      names.emplace_back(*found);
    }
  }
  return names;
}

std::string list_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace banyan::packs
