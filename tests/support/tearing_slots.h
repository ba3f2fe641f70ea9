// Keyring slots whose power can fail in the middle of a write.
#pragma once

#include <array>
#include <limits>

#include "shared/crypto/keyring.h"

namespace banyan::test {

class TearingSlots final : public KeyringSlots {
 public:
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  // The power fails after this many more written bytes.
  void fail_after(std::size_t bytes) { left_ = bytes; }
  void power_on() { left_ = kNever; }
  int writes() const { return writes_; }

  Result<Bytes> read(int slot) override { return at(slot); }

  Status write(int slot, ByteView bytes) override {
    ++writes_;
    const std::size_t size = std::min(left_, bytes.size());
    Bytes& target = at(slot);
    if (target.size() < size) target.resize(size);
    std::copy_n(bytes.begin(), size, target.begin());
    if (left_ != kNever) left_ -= size;
    if (size < bytes.size()) return fail(ErrorCode::Io, "the power failed");
    return {};
  }

  Status erase() override {
    slots_ = {};
    return {};
  }

  Bytes& at(int slot) { return slots_[static_cast<std::size_t>(slot)]; }

 private:
  std::array<Bytes, 2> slots_;
  std::size_t left_ = kNever;
  int writes_ = 0;
};

}  // namespace banyan::test
