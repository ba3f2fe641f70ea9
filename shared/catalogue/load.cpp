#include <algorithm>

#include "shared/catalogue/builder.h"
#include "shared/catalogue/drafts.h"
#include "shared/catalogue/packs.h"

namespace banyan {

namespace {

using packs::Drafts;
using packs::Problems;
using packs::Spot;

constexpr std::size_t kDepthMax = 12;
constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::size_t kFilesMax = 1000;

// A parsed file. Drafts point into it.
struct Document {
  std::string pack;
  Spot spot;
  Json json;
};

std::string pack_name_problem(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool good = !name.empty() && name.size() <= 40 && letter(name[0]) &&
                    std::all_of(name.begin(), name.end(), [&](char c) {
                      return letter(c) || (c >= '0' && c <= '9') || c == '-';
                    });
  return good ? "" : "a pack's name has at most 40 of a-z, 0-9 and -, and begins with a letter";
}

// In the order of pack and path, whatever order they came in.
std::vector<Document> parse_all(std::span<const PackSource> sources, Problems& problems) {
  std::vector<Document> documents;
  for (const PackSource& source : sources) {
    if (auto problem = pack_name_problem(source.name); !problem.empty()) {
      problems.add({source.name, ""}, std::move(problem));
    }
    for (const PackFile& file : source.files) {
      const Spot spot{source.name + "/" + file.path, ""};
      if (file.text.size() > kFileBytesMax || documents.size() >= kFilesMax) {
        problems.add(spot, "too large: at most 1000 files of 1 MiB");
        continue;
      }
      auto json = parse_json(file.text, kDepthMax, "JSON");
      if (json) {
        documents.push_back({source.name, spot, std::move(json).value()});
      } else {
        problems.add(spot, json.error().detail);
      }
    }
  }
  std::sort(documents.begin(), documents.end(), [](const Document& a, const Document& b) {
    return std::tie(a.pack, a.spot.file) < std::tie(b.pack, b.spot.file);
  });
  for (std::size_t i = 1; i < documents.size(); ++i) {
    if (documents[i].spot.file == documents[i - 1].spot.file) {
      problems.add(documents[i].spot, "stands twice");
    }
  }
  return documents;
}

// A file is one thing or a list of things.
void read_all(const std::vector<Document>& documents, Drafts& drafts, Problems& problems) {
  for (const Document& document : documents) {
    const auto& [pack, spot, json] = document;
    if (!json.is_array()) {
      packs::read_thing(json, spot, pack, drafts, problems);
      continue;
    }
    for (std::size_t i = 0; i < json.size(); ++i) {
      packs::read_thing(json[i], spot.at(i), pack, drafts, problems);
    }
  }
}

// Each pack says once what it is.
void check_manifests(std::span<const PackSource> sources, const Drafts& drafts,
                     Problems& problems) {
  for (const PackSource& source : sources) {
    const auto count = std::count_if(drafts.packs.begin(), drafts.packs.end(),
                                     [&](const auto& pack) { return pack.pack == source.name; });
    if (count != 1) {
      problems.add({source.name + "/pack.json", ""},
                   count == 0 ? "no file says {\"pack\": \"" + source.name + "\", ...}"
                              : "the pack says more than once what it is");
    }
  }
}

Role make_role(const Drafts& drafts, const packs::RoleDraft& draft) {
  Role role = draft.value;
  for (const std::string& name : draft.sees) {
    for (const auto& item : drafts.classes) {
      if (item.value.name == name) role.mask |= 1U << item.value.bit;
    }
  }
  // The role's own words first, grants of other packs later, and "*" below both.
  std::uint32_t others = 0;
  std::map<std::string, std::uint32_t> rights;
  for (const auto& grant : drafts.grants) {
    if (grant.value.role != role.name) continue;
    for (const auto& [entity, bits] : grant.value.rights) {
      (entity == "*" ? others : rights[entity]) |= bits;
    }
  }
  for (const auto& entity : drafts.entities) {
    const auto found = rights.find(entity.value.name);
    const std::uint32_t bits = found == rights.end() ? others : found->second;
    if (bits != 0) role.rights[entity.value.name] = bits;
  }
  return role;
}

Catalogue build(const Drafts& drafts, std::vector<Seed> seeds, std::uint32_t number) {
  CatalogueBuilder builder;
  for (const auto& pack : drafts.packs) builder.add(pack.value.info);
  for (const auto& draft : drafts.entities) {
    Entity entity = draft.value;
    for (const auto& field : draft.fields) entity.fields.push_back(field.value);
    builder.add(std::move(entity));
  }
  for (const auto& item : drafts.classes) builder.add(item.value);
  for (const auto& role : drafts.roles) builder.add(make_role(drafts, role.value));
  for (const auto& task : drafts.tasks) builder.add(task.value);
  for (const auto& rule : drafts.rules) builder.add(rule.value);
  for (Seed& seed : seeds) builder.add(std::move(seed));
  return builder.build(number);
}

Error summary(const std::vector<PackError>& errors) {
  std::string text = std::to_string(errors.size()) + " error(s) in the packs";
  for (std::size_t i = 0; i < std::min<std::size_t>(errors.size(), 5); ++i) {
    const PackError& error = errors[i];
    text += "; " + error.file + (error.path.empty() ? "" : " " + error.path) + ": " + error.reason;
  }
  return fail(ErrorCode::Invalid, std::move(text));
}

}  // namespace

Result<Catalogue> load_packs(std::span<const PackSource> sources, const LoadOptions& options,
                             std::vector<PackError>* errors) {
  Problems problems;
  Drafts drafts;
  const std::vector<Document> documents = parse_all(sources, problems);
  std::vector<Seed> seeds;
  // What hangs on a file that could not be read would only be noise.
  if (problems.empty()) {
    read_all(documents, drafts, problems);
    check_manifests(sources, drafts, problems);
    packs::link_packs(drafts, problems);
    packs::link_entities(drafts, problems);
    packs::check_fields(drafts, problems);
    packs::check_entities(drafts, problems);
    packs::check_roles_and_rules(drafts, problems);
    packs::check_expressions(drafts, options.engine, problems);
    seeds = packs::make_seeds(drafts, problems);
  }
  if (errors != nullptr) *errors = problems.list();
  if (!problems.empty()) return summary(problems.list());
  return build(drafts, std::move(seeds), options.number);
}

}  // namespace banyan
