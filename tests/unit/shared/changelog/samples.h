// Commits, rows and pages for the tests of this folder: small ones to read, and
// random ones.
#pragma once

#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/bundle.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page.h"
#include "shared/platform/random.h"

namespace banyan::test {

// A root with one field of each kind, a child and a fact.
enum Number : std::uint32_t {
  kCustomer = 1,
  kVisit = 2,
  kAccount = 3,
  kName = 1,     // Text, Register
  kPhone = 2,    // Phone, Guarded
  kVisits = 3,   // Int, Counter
  kTags = 4,     // Enum, Set
  kStage = 5,    // Enum, Machine
  kBalance = 6,  // Money, Derived
  kOwner = 7,    // Ref, Register
  kMet = 8,      // Ref, Set
  kTitle = 9,    // Text, Guarded
  kStory = 10,   // Text, Text
};
const Entity& customer();
const Entity& visit();
const Entity& account();

SigningKey signing_key();  // always the same one
VerifyKey key();           // its public half

// One commit that uses every operation and type, fit for golden bytes.
Commit sample_commit();
// Three commits of one device, the first one sample_commit().
std::vector<Commit> sample_commits();
ChainSpan sample_span();
// A row with an entry of another life, siblings and a set.
Row sample_row();
Page sample_page();

Bytes encoded(const Commit& commit);
Bytes encoded(const RowClock& clock);
Bytes encoded(const Row& row);

// Random, but what an encoder accepts.
Value random_value(Random& random, bool null_allowed = true);
Commit random_commit(Random& random);
Row random_row(Random& random, RowId aggregate);
Page random_page(Random& random);

// Calls `check` with every truncation of `bytes` and every change of one bit.
template <class Check>
void each_damage(ByteView bytes, Check check) {
  for (std::size_t size = 0; size < bytes.size(); ++size) check(bytes.first(size));
  Bytes changed(bytes.begin(), bytes.end());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    check(ByteView(changed));
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
}

}  // namespace banyan::test
