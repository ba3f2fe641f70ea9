// From packs of JSON to a catalogue. PACKS.md beside this file is the format.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "shared/catalogue/expression.h"

namespace banyan {

struct PackFile {
  std::string path;  // inside the pack, with '/'
  std::string text;  // JSON
};

struct PackSource {
  std::string name;  // the pack's folder
  std::vector<PackFile> files;
};

// One thing that is wrong in a pack, for the person who writes it.
struct PackError {
  std::string file;    // pack/path
  std::string path;    // JSON pointer inside the file
  std::string reason;  // English: pack authors read it beside PACKS.md
  bool operator==(const PackError&) const = default;
};

struct LoadOptions {
  std::uint32_t number = 0;            // the catalogue number that the server gave
  ExpressionEngine* engine = nullptr;  // without one, only lengths and names are checked
};

// Reads and checks everything before it fails, so that `errors` (when given)
// gets all that is wrong, not the first. The Result's own error is Invalid and
// quotes the first few. A catalogue in use is never touched.
Result<Catalogue> load_packs(std::span<const PackSource> sources, const LoadOptions& options = {},
                             std::vector<PackError>* errors = nullptr);

// What would lose or change the meaning of data if `next` followed `now`: a
// number with another name, type or merge kind, or one that vanished without
// being retired. Empty when it is safe.
std::vector<PackError> check_upgrade(const Catalogue& now, const Catalogue& next);

// All packs as one JSON text, equal for equal content whatever the order of files, keys and
// blanks: what the server numbers, signs and sends. Invalid when a file is not JSON.
Result<std::string> canonical_packs(std::span<const PackSource> sources);

// The other way. Invalid or TooLarge when `text` is not such a text.
Result<std::vector<PackSource>> split_packs(std::string_view text);

}  // namespace banyan
