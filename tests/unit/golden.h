// Golden bytes: the formats as files of hexadecimal digits in tests/golden. A change of format is
// a change of these files, and shows in review. The same tests run in WebAssembly.
//
// BANYAN_WRITE_GOLDEN=1 writes them anew, and the samples that the fuzzers start from.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "shared/base/bytes.h"

namespace banyan::test {

inline bool writing_golden() { return std::getenv("BANYAN_WRITE_GOLDEN") != nullptr; }

inline std::string golden_path(const char* name) {
  return std::string(BANYAN_SOURCE_DIR) + "/tests/golden/" + name + ".hex";
}

inline void write_test_file(const std::string& path, ByteView content) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  CHECK(std::fwrite(content.data(), 1, content.size(), file) == content.size());
  REQUIRE(std::fclose(file) == 0);
}

// The whole file; nothing when it is not there.
inline std::string read_test_file(const std::string& path) {
  std::string out;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return out;
  char part[4096];
  for (std::size_t size; (size = std::fread(part, 1, sizeof part, file)) > 0;) {
    out.append(part, size);
  }
  std::fclose(file);
  return out;
}

inline Bytes golden(const char* name) {
  std::string digits = read_test_file(golden_path(name));
  std::erase(digits, '\n');
  return from_hex(digits).value();
}

inline void check_golden(const char* name, ByteView bytes) {
  CAPTURE(name);
  std::string lines;
  for (std::size_t at = 0; at < bytes.size(); at += 32) {
    lines += to_hex(bytes.subspan(at, std::min<std::size_t>(32, bytes.size() - at))) + "\n";
  }
  if (writing_golden()) write_test_file(golden_path(name), as_bytes(lines));
  CHECK(read_test_file(golden_path(name)) == lines);
}

// Where the fuzzers start from: tests/fuzz/corpus/NAME.
inline void check_seed(const std::string& name, ByteView seed) {
  CAPTURE(name);
  const std::string path = std::string(BANYAN_SOURCE_DIR) + "/tests/fuzz/corpus/" + name;
  if (writing_golden()) write_test_file(path, seed);
  CHECK(read_test_file(path) == as_text(seed));
}

}  // namespace banyan::test
