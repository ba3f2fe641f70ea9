// The rows that the packs bring along (products, tags), written once.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "shared/catalogue/catalogue.h"
#include "sync-server/import/target.h"

namespace banyan {

// Rows of seeds: "product/farm_loan" -> row id.
using SeedRows = std::map<std::string, RowId, std::less<>>;

// Writes the seed rows that are not there yet, one commit each, and remembers
// them as source "pack". May be called at every start.
Result<SeedRows> install_seeds(ImportTarget& target, const Catalogue& catalogue);

}  // namespace banyan
