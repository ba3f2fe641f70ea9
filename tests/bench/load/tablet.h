// A tablet that is cheap enough to have thousands of: the product's own sync client over a store
// that keeps chain, cursor and unacknowledged commits in memory, and of the customers the ids.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/sync/client.h"
#include "tests/bench/workload.h"

namespace banyan::bench {

// Of the bank, the same for all tablets.
struct BankFacts {
  std::uint32_t organisation = 0, catalogue = 0;
  VerifyKey organisation_key;
  std::uint32_t customer = 0, interaction = 0;  // entities
  std::uint32_t name = 0, kind = 0, owner = 0, branch = 0, employer = 0;
  std::uint32_t channel = 0, direction = 0, at = 0, staff = 0, text = 0;
  static BankFacts of(const Catalogue& catalogue);
};

class Tablet final : public sync::DeviceStore {
 public:
  struct Owner {
    DeviceId device{};
    RowId staff{}, branch{};
  };
  // As after a first sync: at `cursor`, with these customers. References must outlive the tablet.
  Tablet(const BankFacts& bank, const Owner& owner, SigningKey key, const sync::Cursor& cursor,
         std::vector<RowId> customers, const Clock& clock, Random& random);

  // An officer's work, one commit each: seven of ten change a field, a quarter are notes of a
  // call, one of twenty is a new customer.
  void work(std::size_t commits);

  sync::Client& client() { return client_; }
  const SigningKey& key() const { return key_; }
  const Owner& owner() const { return owner_; }
  const std::vector<RowId>& customers() const { return customers_; }
  std::uint64_t written() const { return last_; }
  std::uint64_t acked() const { return acked_; }
  const Hash256& last_hash() const { return last_hash_; }
  std::uint64_t refused() const { return refused_; }  // operations that did not end well

  Result<sync::DeviceState> state() override;
  Result<Hash256> chain_hash(std::uint64_t dseq) override;
  Result<std::vector<sync::ChainedCommit>> own_after(std::uint64_t dseq,
                                                     std::size_t bytes_max) override;
  Status mark_sent(std::uint64_t) override { return {}; }
  Status adopt(std::span<const sync::ChainedCommit> commits) override;
  Status apply(const Page& page, const sync::PageNote& note) override;
  // It asks for no decisions.
  Result<std::vector<Bytes>> receipts(std::uint64_t, std::uint64_t) override {
    return std::vector<Bytes>{};
  }
  Status set_forked(bool forked) override;

 private:
  struct Own {
    Hash256 hash;
    Bytes body;
  };
  RowWrite draw_change(RowId customer);
  RowWrite draw_note();
  RowWrite draw_customer();
  void take(const PageAggregate& aggregate);

  const BankFacts& bank_;
  const Owner owner_;
  const SigningKey key_;
  const Clock& clock_;
  sync::Cursor cursor_;
  std::vector<RowId> customers_;
  std::deque<Own> own_;  // after acked_
  std::uint64_t last_ = 0, acked_ = 0, stable_ = 0, refused_ = 0, hlc_ = 0;
  Hash256 last_hash_, acked_hash_;
  RowIdMinter minter_;
  Draw draw_;
  sync::Client client_;  // last: it uses everything above
};

}  // namespace banyan::bench
