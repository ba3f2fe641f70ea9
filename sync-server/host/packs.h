// The installed packs: read from a folder, checked, numbered, kept.
//
// Each published set has a number of its own for good (SYNC.md, 11). The data
// folder keeps every set that was ever in use, as NUMBER.json in its canonical
// form, so that an old commit can still be read as its author meant it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/catalogue/packs.h"

namespace banyan::server {

inline constexpr std::size_t kPackFileMax = 1U << 20;

// Every folder of `folder` that holds a pack.json, sorted by name. NotFound when there is none.
Result<std::vector<PackSource>> read_pack_folders(const std::filesystem::path& folder);
// One pack's folder.
Result<PackSource> read_pack_folder(const std::filesystem::path& folder);

struct InstalledPacks {
  Catalogue catalogue;
  std::string canonical;
  std::uint32_t number = 0;
  bool is_new = false;       // this start published it
  std::string kept_because;  // the folder's packs were not taken, and why; else empty
};

// The packs of `folder` when they are good and lose nothing; otherwise the newest
// kept set goes on, and `kept_because` says why. Invalid when there is none to go on with.
Result<InstalledPacks> install_packs(const std::filesystem::path& folder,
                                     const std::filesystem::path& kept, ExpressionEngine& engine);

// Where a set that was in use is kept.
std::filesystem::path kept_path(const std::filesystem::path& folder, std::uint32_t set_number);

// One line for each error: "pack/file: /pointer: reason".
std::string to_text(const std::vector<PackError>& errors);

}  // namespace banyan::server
