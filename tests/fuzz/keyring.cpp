// A slot of a keyring that somebody with the disk has written: its checksum fits, since no key is
// needed for that. A record is refused, or it is the only spelling of what it says. Beside a good
// slot it never keeps the person out, and never gets another data key in; alone it opens nothing,
// and a person who is not let in leaves the disk as it was.
#include "shared/crypto/keyring.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "tests/support/tearing_slots.h"

using namespace banyan;

namespace {

// Stretching costs a fifth of a second: a hash stands in for it.
Factors quick(std::string_view passphrase) {
  Factors factors;
  factors.stretch = [passphrase](const KdfSalt& salt,
                                 const KdfCost& cost) -> Result<PassphraseKey> {
    BANYAN_CHECK(acceptable(cost));  // nobody is made to stretch for hours
    ByteWriter in;
    in.block(passphrase);
    in.raw(salt.view());
    in.u32(cost.memory_kib);
    in.u32(cost.passes);
    return PassphraseKey::from(hash256(in.view()).view());
  };
  return factors;
}

Bytes with_good_checksum(Bytes record) {
  if (record.size() != KeyringRecord::kSize) return record;
  const Hash256 sum = hash256(ByteView(record).first(KeyringRecord::kSize - 16));
  std::copy_n(sum.bytes.begin(), 16, record.end() - 16);
  return record;
}

void try_record(const KeyringRecord& record, ByteView in) {
  const Bytes again = record.encode();
  BANYAN_CHECK(std::equal(again.begin(), again.end(), in.begin(), in.end()));
  SeededRandom random(3);
  KeyringRecord wrapped = record;
  const WrapKey key = WrapKey::generate(random);
  const DataKey data_key = DataKey::generate(random);
  BANYAN_CHECK(!record.unwrap(key).ok());
  wrapped.wrap(key, data_key, random);
  const auto opened = wrapped.unwrap(key);
  BANYAN_CHECK(opened.ok() && opened->equals(data_key));
  wrapped.facts.lease_end_ms ^= 1;
  BANYAN_CHECK(!wrapped.unwrap(key).ok());
}

void try_slots(const Bytes& forged, int at) {
  SeededRandom random(4);
  test::TearingSlots alone;
  alone.at(at) = forged;
  BANYAN_CHECK(!Keyring::unlock(alone, random, quick("right")).ok());
  BANYAN_CHECK(alone.at(at) == forged && alone.at(1 - at).empty());

  test::TearingSlots slots;
  const auto made = Keyring::create(slots, random, {}, kKdfFloor, quick("right"));
  BANYAN_CHECK(made.ok());
  slots.at(at) = forged;
  const Bytes good = slots.at(1 - at);
  BANYAN_CHECK(!Keyring::unlock(slots, random, quick("wrong")).ok());
  BANYAN_CHECK(slots.at(at) == forged && slots.at(1 - at) == good);
  // Twice: what was made good stays so.
  for (int i = 0; i < 2; ++i) {
    const auto opened = Keyring::unlock(slots, random, quick("right"));
    BANYAN_CHECK(opened.ok() && opened->facts() == made->facts());
    BANYAN_CHECK(opened->page_key().equals(made->page_key()) && opened->both_copies_good());
    BANYAN_CHECK(slots.at(0) == slots.at(1));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A slot is read no further than a record.
  const Bytes raw(data + 1, data + std::min(size, 1 + KeyringRecord::kSize));
  BANYAN_CHECK(!KeyringRecord::decode(raw).ok() || raw == with_good_checksum(raw));
  const Bytes forged = with_good_checksum(raw);
  if (const auto record = KeyringRecord::decode(forged)) try_record(*record, forged);
  try_slots(forged, data[0] & 1);
  return 0;
}
