// A pack that nobody has checked: one JSON file of it, or all packs as one text. Refused
// with a reason for each file, or a catalogue whose numbers and names are found again; and
// a text that splits into packs comes out of them as canonical text that does the same.
#include "shared/catalogue/packs.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

constexpr const char* kManifest = R"({"pack": "fuzz", "version": "0.1.0",
  "label": {"zh": "试", "en": "Fuzz"}, "numbers": [1, 999],
  "classes": [{"name": "staff", "bit": 0, "label": {"zh": "行员", "en": "Staff"}}]})";

void check_catalogue(const Catalogue& catalogue) {
  for (const Entity& entity : catalogue.entities()) {
    BANYAN_CHECK(catalogue.entity(entity.no) == &entity);
    BANYAN_CHECK(catalogue.entity(entity.name) == &entity);
    BANYAN_CHECK(catalogue.root_of(entity).root());
    for (const Field& field : entity.fields) {
      BANYAN_CHECK(entity.field(field.name) == &field);
      if (field.stored()) BANYAN_CHECK(entity.field(field.no) == &field);
    }
  }
  BANYAN_CHECK(check_upgrade(catalogue, catalogue).empty());
}

void load(std::span<const PackSource> sources) {
  std::vector<PackError> errors;
  const auto catalogue = load_packs(sources, {}, &errors);
  BANYAN_CHECK(catalogue.ok() == errors.empty());
  for (const PackError& error : errors) BANYAN_CHECK(!error.reason.empty());
  if (catalogue) check_catalogue(*catalogue);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const PackSource alone{"fuzz", {{"pack.json", kManifest}, {"things.json", text}}};
  load({&alone, 1});
  const auto packs = split_packs(text);
  if (!packs) return 0;
  load(*packs);
  const auto canonical = canonical_packs(*packs);
  if (!canonical) return 0;
  const auto again = split_packs(*canonical);
  BANYAN_CHECK(again.ok());
  const auto same = canonical_packs(*again);
  BANYAN_CHECK(same.ok() && *same == *canonical);
  return 0;
}
