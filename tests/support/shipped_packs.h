// The packs in assets/packs, as the server would install them.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/check.h"
#include "shared/catalogue/packs.h"

namespace banyan::test {

// `source_dir`: BANYAN_SOURCE_DIR. In whatever order the file system gives: the
// loader must not care.
inline std::vector<PackSource> shipped_pack_sources(const std::string& source_dir) {
  namespace fs = std::filesystem;
  std::vector<PackSource> sources;
  for (const auto& folder : fs::directory_iterator(fs::path(source_dir) / "assets/packs")) {
    if (!fs::exists(folder.path() / "pack.json")) continue;
    PackSource source{folder.path().filename().string(), {}};
    for (const auto& file : fs::directory_iterator(folder.path())) {
      if (file.path().extension() != ".json") continue;
      std::ifstream stream(file.path(), std::ios::binary);
      source.files.push_back({file.path().filename().string(),
                              std::string(std::istreambuf_iterator<char>(stream), {})});
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

// Asserts that the packs are good.
inline Catalogue shipped_packs(const std::string& source_dir) {
  auto catalogue = load_packs(shipped_pack_sources(source_dir), {1, nullptr});
  if (!catalogue) std::fputs(catalogue.error().detail.c_str(), stderr);
  BANYAN_CHECK(catalogue.ok());
  return std::move(*catalogue);
}

// The same, read once.
inline const Catalogue& packs() {
  static const Catalogue kPacks = shipped_packs(BANYAN_SOURCE_DIR);
  return kPacks;
}

}  // namespace banyan::test
