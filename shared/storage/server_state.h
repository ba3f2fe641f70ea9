// What the files of the server's store share. Not for others.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "shared/changelog/codec.h"
#include "shared/storage/server_store.h"
#include "shared/sync/feed.h"
#include "shared/sync/ingest.h"

namespace banyan {

// For the guards of packs.
Result<std::unique_ptr<ExpressionEngine>> make_expressions();

Result<ServerStore::LogEntry> read_entry(const ServerTables::LogRow& row);

// Invalid, naming the operation, when one was refused.
Status all_taken(const Commit& commit, const sync::CommitOutcome& outcome);

struct ServerStore::State {
  using Head = ServerTables::Head;
  using DeviceRow = ServerTables::DeviceRow;
  using Hold = ServerTables::Hold;

  State(std::unique_ptr<ServerTables> t, const Catalogue& packs, std::uint32_t org,
        const SigningKey& k, const Clock& c, Random& r)
      : tables(std::move(t)),
        catalogue(packs),
        organisation(org),
        key(k),
        clock(c),
        random(r),
        machines(packs, make_expressions) {}

  // One transaction, undone unless it is committed. With Order and Snapshot `head` and
  // `epochs` are those of the database.
  class Unit {
   public:
    static Result<Unit> begin(State& state, Hold hold);
    static Unit of(State& state) { return Unit(state); }  // that has begun
    Unit(Unit&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    Unit& operator=(Unit&&) = delete;
    ~Unit();
    Status commit();

   private:
    explicit Unit(State& state) : state_(&state) {}
    State* state_;
  };

  std::unique_ptr<ServerTables> tables;
  Database* sqlite = nullptr;  // under `tables`, when it is SQLite
  const Catalogue& catalogue;
  std::uint32_t organisation;
  const SigningKey& key;
  const Clock& clock;
  Random& random;
  Machines machines;
  std::map<DeviceId, RowIdMinter> minters;
  Head head;  // as last seen: another process may have moved it on
  std::vector<sync::Epoch> epochs;
  std::set<RowId> touched;  // see take_touched()

  Status begin_log();
  Result<DeviceId> add_device(const Enrolment& enrolment, std::vector<Dot> former);  // in a unit
  Status read_head();
  Status add_epoch(Head& now);

  // Appends `commits` of one device, merges and signs off; see append() and author().
  struct Entry {
    const Commit* commit;
    ByteView body;
    Hash256 hash;
  };
  Status log_commit(const Entry& entry, DeviceId device, std::uint64_t dseq,
                    const sync::Ingest& ingest, const sync::CommitOutcome& outcome,
                    std::int64_t now_ms, Head& now);
  // Inside an open unit.
  Result<Authored> author(DeviceId device, std::span<const Draft> drafts, Head& now);
  // What devices 0 and 1 write in one transaction: their numbers follow on the database's, and
  // the server's key signs.
  struct Authoring {
    DeviceRow device;
    ChainSpan span;
  };
  Result<Authoring> begin_authoring(DeviceId id);
  // The next commit of the chain, for ingest and log_commit().
  struct OwnCommit {
    Commit commit;
    Bytes body;
  };
  Result<OwnCommit> next_own(Authoring& by, const Draft& draft, std::uint64_t eff,
                             std::int64_t now_ms, const Head& now, sync::Ingest& ingest);
  Status finish_authoring(const Authoring& by, std::int64_t now_ms);
  sync::Ingest begin_ingest(const sync::Ingest::Author& author, std::int64_t now_ms,
                            sync::Gate gate);
  // Writes what follows from the commit that `ingest` has just taken. `by` is begun when it is
  // needed.
  Status write_decisions(sync::Ingest& ingest, std::optional<Authoring>& by, std::int64_t now_ms,
                         Head& now);
  Status write_decision(sync::Decision& decision, sync::Ingest& ingest, Authoring& by,
                        std::int64_t now_ms, Head& now);
  Result<Commit> draft_commit(const Draft& draft, std::uint64_t hlc, const Head& now,
                              sync::Ingest& ingest);
  RowId mint(DeviceId device);

  Result<std::uint64_t> taken_until(std::int64_t ms);

  Status fill_ack(const DeviceRow& device, std::uint64_t acked, Page& page, sync::PageNote& note);
  Result<bool> cursor_fits(const sync::Cursor& cursor);
  Result<OrderHash> order_at(std::uint64_t seq);
};

}  // namespace banyan
