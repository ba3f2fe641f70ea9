#include "shared/crypto/keyring.h"

#include <doctest/doctest.h>

#include <set>

#include "shared/crypto/keyring_file.h"
#include "shared/platform/memory_page_store.h"
#include "tests/support/tearing_slots.h"
#include "tests/unit/golden.h"

namespace banyan {
namespace {

using test::TearingSlots;

KeyringFacts some_facts() {
  KeyringFacts facts;
  facts.organisation = 7;
  facts.device = 4711;
  facts.user = 1001;
  facts.database.bytes.fill(0xdb);
  facts.data_key_version = 1;
  facts.lease_end_ms = 1'800'000'000'000;
  return facts;
}

// Stretching costs a fifth of a second; a hash stands in for it where what is
// tested is something else. kdf_test.cpp tests the real one.
Factors quick(std::string_view passphrase) {
  Factors factors;
  factors.stretch = [text = std::string(passphrase)](const KdfSalt& salt,
                                                     const KdfCost& cost) -> Result<PassphraseKey> {
    ByteWriter in;
    in.block(text);
    in.raw(salt.view());
    in.u32(cost.memory_kib);
    in.u32(cost.passes);
    return PassphraseKey::from(hash256(in.view()).view());
  };
  return factors;
}

bool opens(KeyringSlots& slots, std::string_view passphrase) {
  SeededRandom random(99);
  return Keyring::unlock(slots, random, quick(passphrase)).ok();
}

// The whole of a record but its checksum can be forged by whoever has the disk.
Bytes with_good_checksum(Bytes record) {
  const Hash256 sum = hash256(ByteView(record).first(KeyringRecord::kSize - 16));
  std::copy_n(sum.bytes.begin(), 16, record.end() - 16);
  return record;
}

TEST_CASE("a keyring opens with the passphrase it was made with, by real key stretching") {
  TearingSlots slots;
  SeededRandom random(1);
  const SecretBytes right("correct horse battery");
  const SecretBytes wrong("correct horse batterx");
  Factors factors;
  factors.stretch = stretch_here(right);
  const auto made = Keyring::create(slots, random, some_facts(), kKdfFloor, factors);
  REQUIRE(made.ok());

  const auto opened = Keyring::unlock(slots, random, factors);
  REQUIRE(opened.ok());
  CHECK(opened->facts() == some_facts());
  CHECK(opened->page_key().equals(made->page_key()));
  CHECK(opened->both_copies_good());

  factors.stretch = stretch_here(wrong);
  CHECK(Keyring::unlock(slots, random, factors).error().code == ErrorCode::Locked);
}

TEST_CASE("a record has exactly these bytes") {
  TearingSlots slots;
  SeededRandom random(7);
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("golden")).ok());
  CHECK(to_hex(slots.at(0)) ==
        "424e4b520001000001000000000000000700000067120000"
        "e903000000000000dbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdb"
        "0100000000505c18a301000000000100030000001803547eec04a9fd498c21b6e31c6edf"
        "5458ec95c2728d0fdc616f54cb4dbc1a2085c8ca964f5967"
        "1d98a3ab31fc52d4f1df4cdb9609b22157512ec54ce03912b402042f4d4fcab2762f5ed84f8d0a9dc7f4878be8"
        "79c59d"
        "963408fd64ff3992f2995a2819f62fce");
  CHECK(slots.at(1) == slots.at(0));
  CHECK(KeyringRecord::decode(slots.at(0)).value().encode() == slots.at(0));
  Bytes seed = slots.at(0);
  seed.insert(seed.begin(), 1);  // the slot that it is laid into
  test::check_seed("keyring/record", seed);
}

TEST_CASE("page, attachment and head keys are three keys") {
  TearingSlots slots;
  SeededRandom random(8);
  const auto ring = Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a"));
  std::set<std::string> keys{to_hex(ring->page_key().view()), to_hex(ring->attachment_key().view()),
                             to_hex(ring->head_key().view())};
  CHECK(keys.size() == 3);
}

TEST_CASE("[T14] a wrong passphrase, any changed field and a weakened cost look the same") {
  TearingSlots slots;
  SeededRandom random(2);
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("right")).ok());
  const Bytes good = slots.at(0);
  const auto refusal = [&](const Bytes& record, std::string_view passphrase) {
    TearingSlots forged;
    forged.at(0) = forged.at(1) = record;
    const auto opened = Keyring::unlock(forged, random, quick(passphrase));
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::Locked);
    return opened.error().detail;
  };
  const std::string generic = refusal(good, "wrong");

  struct Field {
    const char* name;
    std::size_t at;
  };
  for (const Field field :
       {Field{"generation", 8}, Field{"organisation", 16}, Field{"device", 20}, Field{"user", 24},
        Field{"database", 32}, Field{"key version", 48}, Field{"lease end", 52},
        Field{"memory, stronger", 63 - 1}, Field{"passes, stronger", 64}, Field{"salt", 68},
        Field{"nonce", 84}, Field{"wrapped key", 108}, Field{"tag", 155}}) {
    CAPTURE(field.name);
    Bytes changed = good;
    changed[field.at] ^= 4;
    CHECK(refusal(with_good_checksum(changed), "right") == generic);
  }
  Bytes weak = good;
  weak[64] = 1;  // one pass instead of three
  CHECK(refusal(with_good_checksum(weak), "right") == generic);
}

TEST_CASE("every single changed bit of both copies is found; nothing opens with other keys") {
  TearingSlots slots;
  SeededRandom random(3);
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("right")).ok());
  for (std::size_t bit = 0; bit < KeyringRecord::kSize * 8; ++bit) {
    TearingSlots bad;
    bad.at(0) = slots.at(0);
    bad.at(0)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    bad.at(1) = bad.at(0);
    REQUIRE_FALSE(opens(bad, "right"));
  }
}

TEST_CASE("[T10] either slot may be damaged at any byte, or cut short: the other one opens") {
  SeededRandom random(4);
  TearingSlots whole;
  REQUIRE(Keyring::create(whole, random, some_facts(), kKdfFloor, quick("right")).ok());
  for (const int slot : {0, 1}) {
    for (std::size_t i = 0; i < KeyringRecord::kSize; ++i) {
      TearingSlots damaged = whole;
      damaged.at(slot)[i] ^= 0x10;
      REQUIRE(opens(damaged, "right"));
      CHECK(damaged.at(slot) == whole.at(slot));  // mended on the way

      TearingSlots torn = whole;
      torn.at(slot).resize(i);
      REQUIRE(opens(torn, "right"));
    }
  }
}

TEST_CASE("[T10] with both slots damaged the answer is Corrupt, the way to recovery") {
  SeededRandom random(5);
  TearingSlots slots;
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("right")).ok());
  slots.at(0)[100] ^= 1;
  slots.at(1)[7] ^= 1;
  CHECK(Keyring::unlock(slots, random, quick("right")).error().code == ErrorCode::Corrupt);
  // Nothing is made over the remains, either: that is a decision of a person.
  CHECK(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("new")).error().code ==
        ErrorCode::Corrupt);
}

TEST_CASE("[T24] a passphrase change cut at every byte leaves the old or the new one") {
  SeededRandom random(6);
  TearingSlots before;
  const auto made = Keyring::create(before, random, some_facts(), kKdfFloor, quick("old"));
  REQUIRE(made.ok());
  int only_old = 0, only_new = 0, both = 0;
  for (std::size_t cut = 0; cut <= 2 * KeyringRecord::kSize; ++cut) {
    TearingSlots slots = before;
    auto ring = Keyring::unlock(slots, random, quick("old"));
    REQUIRE(ring.ok());
    slots.fail_after(cut);
    const Status changed = ring->change_factors(kKdfFloor, quick("new"));
    CHECK(changed.ok() == (cut == 2 * KeyringRecord::kSize));
    slots.power_on();

    TearingSlots tried_old = slots, tried_new = slots;
    const bool old_opens = opens(tried_old, "old");
    const bool new_opens = opens(tried_new, "new");
    REQUIRE((old_opens || new_opens));
    (old_opens && new_opens ? both : old_opens ? only_old : only_new) += 1;
    if (changed.ok()) CHECK_FALSE(old_opens);
    // Whoever opened it settles it: the other passphrase is out.
    if (old_opens) CHECK_FALSE(opens(tried_old, "new"));
    if (new_opens) CHECK_FALSE(opens(tried_new, "old"));
    // The data key never changes.
    const auto after = Keyring::unlock(slots, random, quick(old_opens ? "old" : "new"));
    CHECK(after->page_key().equals(made->page_key()));
  }
  CHECK(only_old > 100);
  CHECK(both > 0);
  CHECK(only_new > 100);
}

TEST_CASE("a factor that the record asks for must be there and be right") {
  SeededRandom random(7);
  TearingSlots slots;
  const auto device = DeviceFactor::generate(random);
  const auto other = DeviceFactor::generate(random);
  Factors factors = quick("right");
  factors.device = &device;
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, factors).ok());
  CHECK(Keyring::unlock(slots, random, factors).ok());
  CHECK_FALSE(opens(slots, "right"));
  factors.device = &other;
  CHECK(Keyring::unlock(slots, random, factors).error().code == ErrorCode::Locked);
}

TEST_CASE("a new lease end is kept and authenticated") {
  SeededRandom random(8);
  TearingSlots slots;
  auto ring = Keyring::create(slots, random, some_facts(), kKdfFloor, quick("right"));
  REQUIRE(ring->set_lease_end(42).ok());
  CHECK(Keyring::unlock(slots, random, quick("right"))->facts().lease_end_ms == 42);
}

TEST_CASE("a keyring is never made over another one") {
  SeededRandom random(9);
  TearingSlots slots;
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a")).ok());
  CHECK(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("b")).error().code ==
        ErrorCode::Conflict);
  CHECK(opens(slots, "a"));
}

TEST_CASE("a record of a later version is kept and not read") {
  SeededRandom random(10);
  TearingSlots slots;
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a")).ok());
  Bytes later = slots.at(0);
  later[4] = 1;
  slots.at(0) = slots.at(1) = with_good_checksum(later);
  CHECK(Keyring::unlock(slots, random, quick("a")).error().code == ErrorCode::Newer);
  CHECK(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a")).error().code ==
        ErrorCode::Newer);
}

TEST_CASE("the escrow key opens the data key") {
  SeededRandom random(11);
  TearingSlots slots;
  const auto ring = Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a"));
  const BoxKey escrow = BoxKey::generate(random);
  const Bytes sealed = ring->sealed_for_escrow(escrow.public_key(), random).value();
  const auto data_key = DataKey::from(escrow.open(sealed).value()).value();
  CHECK(derive_key<PageKey>(data_key, "page/1").equals(ring->page_key()));
}

TEST_CASE("the file holds both slots; erasing leaves no file") {
  MemoryPageStore store;
  SeededRandom random(12);
  KeyringFile slots(store, "keyring");
  CHECK(Keyring::unlock(slots, random, quick("a")).error().code == ErrorCode::NotFound);
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a")).ok());
  CHECK(slots.read(0).value().size() == KeyringRecord::kSize);
  CHECK(slots.read(1).value() == slots.read(0).value());
  CHECK(opens(slots, "a"));
  CHECK(slots.erase().ok());
  CHECK(store.list().value().empty());
  CHECK(slots.erase().ok());
}

TEST_CASE("a file whose power failed before its first slot was written counts as empty") {
  MemoryPageStore store;
  SeededRandom random(13);
  KeyringFile slots(store, "keyring");
  REQUIRE(store.open("keyring", OpenMode::Create).ok());
  REQUIRE(Keyring::create(slots, random, some_facts(), kKdfFloor, quick("a")).ok());
  CHECK(opens(slots, "a"));
}

}  // namespace
}  // namespace banyan
