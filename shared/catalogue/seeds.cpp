// Reads seed rows by the fields of their entity.
#include <limits>
#include <set>

#include "shared/base/date.h"
#include "shared/base/text.h"
#include "shared/catalogue/drafts.h"

namespace banyan::packs {

namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

Value read_text(ObjectReader& row, const Field& field) {
  std::string text = row.text(field.name);
  if (field.length_max != 0 && utf8_length(text) > field.length_max) {
    row.wrong(field.name, "is longer than " + std::to_string(field.length_max) + " characters");
  }
  return text;
}

Value read_value(ObjectReader& row, const Field& field) {
  switch (field.type) {
    case FieldType::Text:
    case FieldType::Phone:
    case FieldType::IdNumber: return read_text(row, field);
    case FieldType::Int:
    case FieldType::Money:
    case FieldType::Percent:
    case FieldType::Time:
    case FieldType::Place: return row.integer(field.name, kMin, kMax);
    case FieldType::Bool: return std::int64_t{row.flag_if(field.name) ? 1 : 0};
    case FieldType::Date: {
      const auto days = parse_date(row.text(field.name));
      if (!days) row.wrong(field.name, "should be a date, YYYY-MM-DD");
      return days.value_or(0);
    }
    case FieldType::Enum: {
      const std::string name = row.text(field.name);
      const Choice* choice = field.choice(name);
      if (choice == nullptr) row.wrong(field.name, "\"" + name + "\" is no choice");
      return choice == nullptr ? 0 : choice->no;
    }
    case FieldType::Ref:
    case FieldType::Blob:
    case FieldType::Hash: break;
  }
  row.take(field.name);
  row.wrong(field.name, "cannot be given in a seed");
  return {};
}

class SeedReader {
 public:
  SeedReader(const Drafts& drafts, Problems& problems) : drafts_(drafts), problems_(problems) {
    for (const auto& draft : drafts.seeds) {
      const Json* key = json_member(*draft.value.row, "key");
      const auto text = key == nullptr ? std::nullopt : json_text(*key);
      if (text) keys_.emplace(draft.value.entity, std::string(*text));
    }
  }

  Seed read(const Drafted<SeedDraft>& draft) {
    ObjectReader row(*draft.value.row, draft.spot, problems_);
    Seed seed{draft.value.entity, row.name("key"), draft.pack, {}};
    const EntityDraft* entity = drafts_.entity(seed.entity);
    if (entity == nullptr || !entity->value.reference) {
      problems_.add(draft.spot, "\"" + seed.entity + "\" is no reference entity");
      return seed;
    }
    if (!seed.key.empty() && !seen_.emplace(seed.entity, seed.key).second) {
      row.wrong("key", "\"" + seed.key + "\" is taken");
    }
    for (const FieldDraft& field : entity->fields) read_cell(row, field.value, seed);
    row.finish();
    return seed;
  }

 private:
  void read_cell(ObjectReader& row, const Field& field, Seed& seed) {
    if (!row.has(field.name)) {
      if (field.required) row.wrong(field.name, "is required");
      return;
    }
    if (field.merge == Merge::Computed || field.merge == Merge::Set) {
      row.take(field.name);
      row.wrong(field.name, "cannot be given in a seed");
      return;
    }
    if (field.type == FieldType::Ref) {
      std::string key = row.text(field.name);
      if (keys_.count({field.ref, key}) == 0) {
        row.wrong(field.name, "there is no seed \"" + key + "\" of " + field.ref);
      }
      seed.cells.push_back({field.no, {}, std::move(key)});
      return;
    }
    seed.cells.push_back({field.no, read_value(row, field), {}});
  }

  const Drafts& drafts_;
  Problems& problems_;
  std::set<std::pair<std::string, std::string>> keys_, seen_;
};

}  // namespace

std::vector<Seed> make_seeds(const Drafts& drafts, Problems& problems) {
  std::vector<Seed> seeds;
  SeedReader reader(drafts, problems);
  for (const auto& draft : drafts.seeds) seeds.push_back(reader.read(draft));
  return seeds;
}

}  // namespace banyan::packs
