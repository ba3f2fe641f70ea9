#include "shared/crypto/kdf.h"

#include <doctest/doctest.h>

#include <numeric>

namespace banyan {
namespace {

using ChildKey = SecretKey<32, struct ChildKeyTag>;

TEST_CASE("[T19] Argon2id gives the key of the reference implementation") {
  const KdfSalt salt = KdfSalt::from(as_bytes("0123456789abcdef")).value();
  const auto key = stretch_passphrase(SecretBytes("correct horse battery"), salt, kKdfFloor);
  CHECK(to_hex(key.value().view()) ==
        "00bac562b407875296682e0b8043688e09be94fcea326e99aa62d0edb44404fc");
}

TEST_CASE("[T14] a cost below the floor or above the ceiling is refused before any work") {
  const SecretBytes passphrase("correct horse battery");
  const auto refuses = [&](KdfCost cost) {
    const auto key = stretch_passphrase(passphrase, {}, cost);
    return !key.ok() && key.error().code == ErrorCode::Refused;
  };
  CHECK(refuses({kKdfFloor.memory_kib - 1, kKdfFloor.passes}));
  CHECK(refuses({kKdfFloor.memory_kib, kKdfFloor.passes - 1}));
  CHECK(refuses({kKdfCeiling.memory_kib + 1, kKdfFloor.passes}));
  CHECK(refuses({kKdfFloor.memory_kib, kKdfCeiling.passes + 1}));
  CHECK(acceptable(kKdfFloor));
  CHECK(acceptable(kKdfStrong));
}

// A clock that says each stretching took so long.
class SteppingClock final : public Clock {
 public:
  explicit SteppingClock(std::int64_t step_ms) : step_ms_(step_ms) {}
  std::int64_t wall_ms() const override { return 0; }
  std::int64_t monotonic_ms() const override { return now_ms_ += step_ms_; }

 private:
  std::int64_t step_ms_;
  mutable std::int64_t now_ms_ = 0;
};

TEST_CASE("[T20] calibration takes the stronger cost only where it stays within a second") {
  CHECK(calibrate_kdf(SteppingClock(100)).value() == kKdfStrong);
  CHECK(calibrate_kdf(SteppingClock(501)).value() == kKdfFloor);
  CHECK(calibrate_kdf(SteppingClock(5000)).value() == kKdfFloor);  // slow, never weaker
}

TEST_CASE("[T19] derived keys are BLAKE2b keyed with the parent, and differ by context") {
  ChildKey parent;
  std::iota(parent.bytes().begin(), parent.bytes().end(), std::uint8_t{0});
  const auto page = derive_key<ChildKey>(parent, "page/1");
  CHECK(to_hex(page.view()) == "c4c944d83603e909f4a00a98d8329af3f2ccfa81a8f7818ad406eef68fa1eb24");
  CHECK_FALSE(page.equals(derive_key<ChildKey>(parent, "page/2")));
  CHECK_FALSE(page.equals(derive_key<ChildKey>(ChildKey{}, "page/1")));
}

}  // namespace
}  // namespace banyan
