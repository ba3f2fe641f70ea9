// The packs of assets/packs, read from the source tree.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/catalogue/packs.h"

namespace banyan::test {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In whatever order the file system gives: the loader must not care.
inline std::vector<PackSource> shipped_packs() {
  namespace fs = std::filesystem;
  std::vector<PackSource> sources;
  std::error_code error;
  for (const auto& pack : fs::directory_iterator(BANYAN_SOURCE_DIR "/assets/packs", error)) {
    if (!pack.is_directory(error)) continue;
    PackSource source{pack.path().filename().string(), {}};
    for (const auto& file : fs::directory_iterator(pack.path(), error)) {
      if (file.path().extension() != ".json") continue;
      source.files.push_back({file.path().filename().string(), read_text(file.path())});
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace banyan::test
