// The packs in assets/packs, as the server reads them.
#include "tests/support/shipped_packs.h"

#include <doctest/doctest.h>

#include <string>

#include "shared/catalogue/packs.h"

namespace banyan {

TEST_CASE("the shipped packs load without an error") {
  std::vector<PackError> errors;
  const auto catalogue = load_packs(test::shipped_pack_sources(BANYAN_SOURCE_DIR), {}, &errors);
  for (const PackError& error : errors) {
    MESSAGE(error.file << " " << error.path << ": " << error.reason);
  }
  CHECK(errors.empty());
  REQUIRE(catalogue.ok());
}

}  // namespace banyan
