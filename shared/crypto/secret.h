// Memory that holds secrets: cannot be copied, is zeroed when it goes, never
// prints itself. (In WASM it cannot be locked; zeroing is all there is.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/platform/random.h"

namespace banyan {

// Overwrites memory in a way no optimiser removes.
void wipe(std::span<std::uint8_t> memory);

// Compares in a time that depends on the lengths only.
bool equal_secret(ByteView a, ByteView b);

// A secret of any length, such as a passphrase as typed.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
  explicit SecretBytes(std::string_view text) : SecretBytes(as_bytes(text)) {}
  explicit SecretBytes(std::vector<std::uint8_t>&& bytes) : bytes_(std::move(bytes)) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(bytes_); }

  ByteView view() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> bytes_;  // sized once, so that no old buffer is left behind
};

// A key of N bytes for the one purpose that `Tag` names.
template <std::size_t N, class Tag>
class SecretKey {
 public:
  static constexpr std::size_t kSize = N;

  SecretKey() = default;  // all zero: to be filled through bytes()
  SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  SecretKey& operator=(SecretKey&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey() { wipe(bytes_); }

  static SecretKey generate(Random& random) {
    SecretKey key;
    random.fill(key.bytes_);
    return key;
  }

  // Corrupt unless `in` has exactly N bytes.
  static Result<SecretKey> from(ByteView in) {
    if (in.size() != N) return fail(ErrorCode::Corrupt, "a key has the wrong length");
    SecretKey key;
    for (std::size_t i = 0; i < N; ++i) key.bytes_[i] = in[i];
    return key;
  }

  // A second holder of the same key; the name shows up in reviews.
  SecretKey duplicate() const {
    SecretKey key;
    key.bytes_ = bytes_;
    return key;
  }

  ByteView view() const { return bytes_; }
  std::span<std::uint8_t, N> bytes() { return bytes_; }
  bool equals(const SecretKey& other) const { return equal_secret(bytes_, other.bytes_); }

 private:
  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace banyan
