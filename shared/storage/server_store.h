// The server's database over SQLite: the log, the state, the feed. Implements
// sync::ChangeStore and what the server's own work needs: enrolment, authors
// without a tablet, backups, reading the log. SYNC.md, 5, 8 and 13.
//
// One writer: an object of this class belongs to one thread. Other threads may
// read through connections of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/storage/database.h"
#include "shared/storage/tables.h"
#include "shared/sync/scopes.h"
#include "shared/sync/store.h"

namespace banyan {

class ServerStore final : public sync::ChangeStore {
 public:
  // Creates or migrates the tables. A new database gets epoch 1 (drawn from
  // `random`). The references must outlive the store; `key` signs what the
  // server itself writes.
  static Result<std::unique_ptr<ServerStore>> open(Database& db, const Catalogue& catalogue,
                                                   std::uint32_t organisation,
                                                   const SigningKey& key, const Clock& clock,
                                                   Random& random);
  ~ServerStore() override;

  Database& database();
  const Catalogue& packs() const;

  // ---- devices

  struct Enrolment {
    RowId user{};  // staff row
    VerifyKey sign_key;
    BoxPublicKey box_key;
  };
  // Allots the next device number. NotFound without that staff row.
  Result<DeviceId> enrol(const Enrolment& enrolment);
  Status retire(DeviceId device);
  Result<std::vector<sync::DeviceRecord>> devices();

  // ---- authors without a tablet: device 0 imports, device 1 decides

  RowId mint(DeviceId device);
  // One commit for each draft, one transaction, signed with the server's key.
  // Invalid, with nothing written, when an operation is refused.
  struct Authored {
    std::uint64_t first_seq = 0, last_seq = 0;
  };
  Result<Authored> author(DeviceId device, std::span<const Draft> drafts);
  // As shown at headquarters. `exists` is false when there is none.
  Result<Row> load(const Entity& entity, RowId id);

  // ---- group commit: everything until the matching commit_group() becomes
  // durable at once; send no reply before. Calls in between cannot fail the group.
  Status begin_group();
  Status commit_group();

  // ---- the log

  struct LogEntry {
    std::uint64_t seq = 0;
    DeviceId device{};
    std::uint64_t dseq = 0;
    std::int64_t received_ms = 0;
    std::uint64_t eff = 0;
    OrderHash order;
    Hash256 hash;  // of the device's chain
    Commit commit;
    Bytes body;
    sync::CommitOutcome outcome;
  };
  std::uint64_t head() const;
  std::uint32_t epoch() const override;
  std::uint64_t stable() const;
  // In order; stops early when `each` returns an error, and passes it on.
  Status read_log(std::uint64_t after, std::size_t count_max,
                  const std::function<Status(const LogEntry&)>& each);
  // Newest first, for headquarters' list of what came in; before == 0: from the newest.
  Result<std::vector<LogEntry>> arrivals(std::uint64_t before, std::size_t count_max);

  struct SignedSpan {
    ChainSpan span;
    Signature signature;
    std::int64_t received_ms = 0;
  };
  Status read_signatures(const std::function<Status(const SignedSpan&)>& each);

  struct Checked {
    std::uint64_t commits = 0, signatures = 0;
  };
  // Recomputes every chain, h8 and signature. Corrupt names the first that differs.
  Result<Checked> verify_log();

  Result<std::vector<sync::ParkedBundle>> parked();
  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max);

  // ---- backups

  // A verified backup holds everything up to `seq`: devices may forget it.
  Status set_stable(std::uint64_t seq);
  // This database was just put back from a backup: a new epoch begins here, and
  // every device will push what the backup does not hold.
  Status begin_epoch_after_restore();

  // ---- sync::ChangeStore

  Result<sync::DeviceRecord> device(DeviceId id) override;
  std::uint32_t organisation() const override;
  std::uint32_t catalogue() const override;
  Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) override;
  Result<sync::Appended> append(const Bundle& bundle, std::size_t skip, std::int64_t now_ms,
                                sync::LostGround lost) override;
  Result<std::vector<sync::ParkedBundle>> parked_of(DeviceId id) override;
  Result<std::vector<DeviceId>> waiting_after_restore() override;
  Result<bool> others_may_return(std::int64_t now_ms) override;
  Status park(DeviceId id, std::uint64_t first, sync::ParkReason reason, ByteView bundle,
              std::int64_t now_ms) override;
  Result<std::optional<sync::ParkedBundle>> parked_at(DeviceId id, std::uint64_t next) override;
  Status unpark(std::int64_t parked_id) override;
  Status park_for_good(std::int64_t parked_id, sync::ParkReason reason) override;
  Result<sync::PullResult> pull(const sync::PullQuery& query) override;
  Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                std::size_t bytes_max) override;
  Status contacted(DeviceId id, std::uint32_t catalogue, bool whole, std::int64_t now_ms) override;

 private:
  struct State;
  explicit ServerStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan
