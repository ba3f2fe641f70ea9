// Puts a catalogue together from parts that are already checked: the loader's
// last step, and the way for a test to make a small catalogue without JSON.
#pragma once

#include <utility>

#include "shared/catalogue/catalogue.h"

namespace banyan {

class CatalogueBuilder {
 public:
  CatalogueBuilder& add(Entity entity);
  CatalogueBuilder& add(Role role);
  CatalogueBuilder& add(ReaderClass reader_class);
  CatalogueBuilder& add(TaskTemplate task);
  CatalogueBuilder& add(Rule rule);
  CatalogueBuilder& add(Seed seed);
  CatalogueBuilder& add(PackInfo pack);

  // Asserts unless entity numbers and names are unique and every aggregate
  // names a root. Leaves the builder empty.
  Catalogue build(std::uint32_t number = 0);

 private:
  Catalogue made_;
};

}  // namespace banyan
