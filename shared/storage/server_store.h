// The server's database: the log, the state, the feed. Implements sync::ChangeStore
// and what the server's own work needs: enrolment, authors without a tablet,
// backups, reading the log. SYNC.md, 5, 8 and 13. Which database is under it says
// ServerTables; with PostgreSQL any number of processes have such an object over one.
//
// An object of this class belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/storage/database.h"
#include "shared/storage/server_tables.h"
#include "shared/sync/history.h"
#include "shared/sync/scopes.h"
#include "shared/sync/store.h"

namespace banyan {

class ServerStore final : public sync::ChangeStore {
 public:
  // A new database gets its first epoch (drawn from `random`). The references must
  // outlive the store; `key` signs what the server itself writes.
  static Result<std::unique_ptr<ServerStore>> open(std::unique_ptr<ServerTables> tables,
                                                   const Catalogue& catalogue,
                                                   std::uint32_t organisation,
                                                   const SigningKey& key, const Clock& clock,
                                                   Random& random);
  // Over SQLite; creates or migrates the tables.
  static Result<std::unique_ptr<ServerStore>> open(Database& db, const Catalogue& catalogue,
                                                   std::uint32_t organisation,
                                                   const SigningKey& key, const Clock& clock,
                                                   Random& random);
  ~ServerStore() override;

  Database& database();  // of a store over SQLite; asserts that it is one
  bool stopped() const;  // the database failed, and only opening it again helps
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
  // By number, from that one on.
  Result<std::vector<sync::DeviceRecord>> devices(DeviceId from = {});

  // ---- authors without a tablet: device 0 imports, device 1 decides

  RowId mint(DeviceId device);
  // One commit for each draft, one transaction, signed with the server's key.
  // Invalid, with nothing written, when an operation is refused.
  struct Authored {
    std::uint64_t first_seq = 0, last_seq = 0;
  };
  Result<Authored> author(DeviceId device, std::span<const Draft> drafts);
  // The same, with what `source` calls these rows, all in one transaction.
  Result<Authored> author(DeviceId device, std::span<const Draft> drafts, std::string_view source,
                          std::span<const ImportKey> keys);
  Result<std::vector<ImportKey>> import_keys(std::string_view source);
  // As shown at headquarters. `exists` is false when there is none.
  Result<Row> load(const Entity& entity, RowId id);
  // The living row of lowest id with this value in one of the fields that the server looks
  // people and devices up by (kLookUps of server_tables.h). NotFound.
  Result<RowId> find(std::string_view entity, std::string_view field, const Value& value);

  // ---- group commit: everything until the matching commit_group() becomes
  // durable at once; send no reply before. Calls in between cannot fail the group.
  Status begin_group();
  Status commit_group();

  // ---- who is to be told

  // Scopes whose readers have something new, by what this object took or wrote since the last
  // call; a person whose access changed counts as one.
  std::vector<RowId> take_touched();
  Result<std::vector<sync::AccessSpan>> access_of(RowId user);

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
  // As this process last saw them; another one may have moved them on. refresh() looks.
  Status refresh();
  std::uint64_t head() const;
  std::uint32_t epoch() const override;
  std::size_t epochs_before(std::uint32_t epoch) const override;
  std::uint64_t stable() const;
  // In order; stops early when `each` returns an error, and passes it on.
  Status read_log(std::uint64_t after, std::size_t count_max,
                  const std::function<Status(const LogEntry&)>& each);
  // Newest first, for headquarters' list of what came in; before == 0: from the newest.
  Result<std::vector<LogEntry>> arrivals(std::uint64_t before, std::size_t count_max);

  // What this person may know of an aggregate's changes, newest first. `before`: next of the page
  // before, 0: from the newest. NotFound when he may not see the aggregate.
  Result<sync::History> history(RowId user, RowId aggregate, std::uint64_t before,
                                std::size_t count_max);

  using SignedSpan = ServerTables::SignedSpan;
  Status read_signatures(const std::function<Status(const SignedSpan&)>& each);

  struct Checked {
    std::uint64_t commits = 0, signatures = 0;
  };
  // Recomputes every chain, h8 and signature. Corrupt names the first that differs.
  Result<Checked> verify_log();
  Result<Hash256> state_hash();  // ServerTables::state_hash()
  Hash256 order() const;         // of the whole log, as last seen

  Result<std::vector<sync::ParkedBundle>> parked();
  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max);

  // ---- compaction (shared/changelog/fold.h)

  // Moves the horizon to what every active tablet has seen, but keeps of each row who changed
  // what in the last `keep_ms`. It never goes back.
  Status advance_horizon(std::int64_t keep_ms);
  std::uint64_t horizon() const;
  // Folds rows that nobody has written since the horizon moved. `from`, default: the first row;
  // moved on to where the next call goes on, to the default at the end.
  struct RowPlace {
    std::uint32_t entity = 0;
    RowId row{};
  };
  struct Folded {
    std::uint64_t looked_at = 0, changed = 0;
  };
  Result<Folded> compact(RowPlace& from, std::size_t count_max);

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
  Result<sync::NewNumber> rekey(DeviceId former, std::uint64_t common, const VerifyKey& sign_key,
                                const BoxPublicKey& box_key) override;
  Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) override;
  Result<std::optional<sync::ParkReason>> append(const Bundle& bundle, std::size_t skip,
                                                 std::int64_t now_ms, sync::Terms terms) override;
  Result<std::vector<sync::ParkedBundle>> parked_of(DeviceId id) override;
  Result<std::vector<DeviceId>> waiting_after_restore() override;
  Result<bool> others_may_return(DeviceId besides, std::int64_t now_ms) override;
  Status present(const sync::Receipt& receipt, ByteView bytes) override;
  Status park(DeviceId id, std::uint64_t first, sync::ParkReason reason, ByteView bundle,
              std::int64_t now_ms) override;
  Result<std::optional<sync::ParkedBundle>> parked_at(DeviceId id, std::uint64_t next) override;
  Status unpark(std::int64_t parked_id) override;
  Status park_as(std::int64_t parked_id, sync::ParkReason reason) override;
  Result<sync::PullResult> pull(const sync::PullQuery& query) override;
  Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                std::size_t bytes_max) override;
  Status contacted(DeviceId id, const sync::Contact& contact) override;

 private:
  struct State;
  explicit ServerStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan
