// Deliberate mistakes, each put between the session and a store, and rules of the engine that
// simulate-mutants can break (shared/base/laws.h). The simulator must notice every one of them:
// a mutant that lives is a missing invariant.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/laws.h"
#include "shared/storage/replica.h"
#include "shared/storage/server_store.h"
#include "shared/sync/store.h"

namespace banyan::sim {

enum class Mutant {
  None,
  BaseMovesEarly,    // every page counts as complete
  DropBeforeAck,     // rows go while own writes on them wait
  NoFull,            // a gained aggregate comes as changes only
  NoDrop,            // a lost aggregate stays
  DoubleCount,       // a partial page does not say which own commits it holds
  SiblingsLost,      // pages carry the shown value only
  FilterByPos,       // rows are chosen by position, not by base
  NoCursorHash,      // a restored server takes old cursors
  SeenWithoutEpoch,  // `seen` of before a restore counts as it stands
  NoClamp,           // stamps of any future are taken
  ResetKeepsAck,     // after a restore nothing is pushed again
  OutcomesDropped,   // nobody hears what became of his writes
  MaskForgotten,     // hidden fields are sent
  AckUnsent,         // the ack covers what the server never got
  LastGroupSkipped,  // the last aggregate of a partial page is left out
  LostGroundTaken,   // after a restore nothing waits for the device that has the row
};

struct MutantName {
  std::string_view name;
  Mutant mutant = Mutant::None;
  Law law = Law::None;
};
const std::vector<MutantName>& mutants();
std::optional<MutantName> mutant_named(std::string_view name);
// False when this program's rules cannot be broken. One at a time; None: all hold again.
bool break_law(Law law);

// The device's store with the mistake in it.
class MutantDevice final : public sync::DeviceStore {
 public:
  MutantDevice(Replica& replica, Mutant mutant) : replica_(replica), mutant_(mutant) {}
  Result<sync::DeviceState> state() override { return replica_.state(); }
  Result<Hash256> chain_hash(std::uint64_t dseq) override;
  Result<std::vector<sync::ChainedCommit>> own_after(std::uint64_t dseq,
                                                     std::size_t bytes_max) override {
    return replica_.own_after(dseq, bytes_max);
  }
  Status mark_sent(std::uint64_t dseq) override { return replica_.mark_sent(dseq); }
  Status adopt(std::span<const sync::ChainedCommit> commits) override {
    return replica_.adopt(commits);
  }
  Status apply(const Page& page, const sync::PageNote& note) override;
  Result<std::vector<Bytes>> receipts(std::uint64_t first, std::uint64_t last) override {
    return replica_.receipts(first, last);
  }
  Status set_forked(bool forked) override { return replica_.set_forked(forked); }

 private:
  Replica& replica_;
  Mutant mutant_;
};

// The server's store with the mistake in it.
class MutantChanges final : public sync::ChangeStore {
 public:
  MutantChanges(ServerStore& store, Mutant mutant) : store_(store), mutant_(mutant) {}
  Result<sync::DeviceRecord> device(DeviceId id) override { return store_.device(id); }
  std::uint32_t organisation() const override { return store_.organisation(); }
  std::uint32_t catalogue() const override { return store_.catalogue(); }
  std::uint32_t epoch() const override { return store_.epoch(); }
  std::size_t epochs_before(std::uint32_t epoch) const override {
    return store_.epochs_before(epoch);
  }
  Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) override {
    return store_.chain_hash(id, dseq);
  }
  Result<sync::NewNumber> rekey(DeviceId former, std::uint64_t common, const VerifyKey& sign_key,
                                const BoxPublicKey& box_key) override {
    return store_.rekey(former, common, sign_key, box_key);
  }
  Result<std::optional<sync::ParkReason>> append(const Bundle& bundle, std::size_t skip,
                                                 std::int64_t now_ms, sync::Terms terms) override;
  Result<std::vector<sync::ParkedBundle>> parked_of(DeviceId id) override {
    return store_.parked_of(id);
  }
  Result<std::vector<DeviceId>> waiting_after_restore() override {
    return store_.waiting_after_restore();
  }
  Result<bool> others_may_return(DeviceId besides, std::int64_t now_ms) override {
    return store_.others_may_return(besides, now_ms);
  }
  Status present(const sync::Receipt& receipt, ByteView bytes) override {
    return store_.present(receipt, bytes);
  }
  Status park(DeviceId id, std::uint64_t first, sync::ParkReason reason, ByteView bundle,
              std::int64_t now_ms) override {
    return store_.park(id, first, reason, bundle, now_ms);
  }
  Result<std::optional<sync::ParkedBundle>> parked_at(DeviceId id, std::uint64_t next) override {
    return store_.parked_at(id, next);
  }
  Status unpark(std::int64_t parked_id) override { return store_.unpark(parked_id); }
  Status park_as(std::int64_t parked_id, sync::ParkReason reason) override {
    return store_.park_as(parked_id, reason);
  }
  Result<sync::PullResult> pull(const sync::PullQuery& query) override;
  Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                std::size_t bytes_max) override {
    return store_.tail(id, dseq, bytes_max);
  }
  Status contacted(DeviceId id, const sync::Contact& contact) override {
    return store_.contacted(id, contact);
  }

 private:
  void forget_cursor_hash(sync::PullQuery& query);
  Status show_everything(Page& page);
  ServerStore& store_;
  Mutant mutant_;
};

}  // namespace banyan::sim
