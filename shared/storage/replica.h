// The device's copy of what its user may see: typed tables that hold what the
// server confirmed and, over it, the device's own commits that it has not
// acknowledged yet. Everything a person writes goes through write().
//
// A write is saved when write() returns: the commit, its chain hash and the
// changed rows are one durable transaction. SYNC.md, 5 and 7.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/ids.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/row.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/storage/database.h"
#include "shared/storage/tables.h"
#include "shared/storage/waiting_rows.h"
#include "shared/sync/store.h"

namespace banyan {

// How far a write of this device has come; one integer comparison each.
enum class SaveState : std::uint8_t {
  Saved = 0,     // durable on this device
  Sent = 1,      // uploaded, or with a carrier; not yet acknowledged
  Received = 2,  // in the server's log
  Safe = 3,      // in a finished backup of the server
};

// A row that a transaction has changed; `gone`: not visible to this user any more.
struct Touched {
  std::uint32_t entity = 0;
  RowId row{};
  RowId aggregate{};
  bool gone = false;
};

// Told inside the transaction, after the rows are written and before it
// commits, so that an index or a rollup is never out of step. An error undoes
// the whole transaction.
class ReplicaListener {
 public:
  virtual ~ReplicaListener() = default;
  virtual Status rows_changed(std::span<const Touched> rows) = 0;
};

class Replica final : public sync::DeviceStore {
 public:
  struct Identity {
    DeviceId device{};
    RowId user{};  // the staff row whose work is done here
    std::uint32_t organisation = 0;
    // Where the log stood when the device joined: whatever it gets to see, it gets from there on.
    struct Joined {
      std::uint32_t epoch = 0;
      std::uint64_t seq = 0;
    } joined = {};
  };

  // Creates or migrates the tables in one transaction, then reads where the log
  // stands. Refused when the database belongs to another identity. The
  // references must outlive the replica.
  static Result<std::unique_ptr<Replica>> open(Database& db, const Catalogue& catalogue,
                                               const Identity& identity, const Clock& clock,
                                               Random& random);
  ~Replica() override;

  // At most one; may be null. Not called for rows written before it was set.
  void set_listener(ReplicaListener* listener);

  const Identity& identity() const;
  const Catalogue& catalogue() const;
  // For reading: statements of the layers above. Never write to synced tables.
  Database& database();

  // An id that no other row has.
  RowId mint();

  struct Written {
    std::uint64_t dseq = 0;
    RowId aggregate{};
  };
  // One commit for each draft, all of them in one transaction. Invalid, with
  // nothing written, for what the catalogue or the rows refuse (unknown field,
  // wrong type, a row that is not there, a field only the server writes);
  // Refused when the aggregate has moved to somebody else.
  // `also` runs in the same transaction, before it commits: what must not be without the commits.
  using Also = std::function<Status()>;
  Result<std::vector<Written>> write(std::span<const Draft> drafts, const Also& also = {});
  Result<Written> write(const Draft& draft);

  // As shown: confirmed and pending. `exists` is false when there is none.
  Result<Row> load(const Entity& entity, RowId id);

  // ---- the outbox

  struct OwnCommit {
    std::uint64_t dseq = 0;
    SaveState state{};
    RowId aggregate{};
    std::uint64_t hlc = 0;
    std::vector<std::pair<std::uint32_t, RowId>> rows;  // (entity, row)
  };
  // Newest first, those that are not pruned yet; before == 0: from the newest.
  Result<std::vector<OwnCommit>> outbox(std::uint64_t before, std::size_t count_max);
  SaveState state_of(std::uint64_t dseq) const;
  // Of the newest own write to this row; when none is pending, of the newest write by anybody:
  // Received or Safe.
  Result<SaveState> state_of(const Entity& entity, RowId id);
  std::uint64_t pending_count() const;  // commits that the server has not acknowledged

  // Rows with own writes that the server has not confirmed, and what it last confirmed of one:
  // the row as shown when none waits.
  const WaitingRows& waiting() const;
  Result<Row> confirmed(const Entity& entity, RowId id);

  // ---- what became of own writes

  struct OwnOutcome {
    std::uint64_t dseq = 0;
    std::uint32_t op = 0;  // which row of the commit
    std::uint32_t entity = 0;
    RowId row{};
    RowId aggregate{};
    std::uint32_t field = 0;  // 0: the row operation itself
    Outcome outcome{};
    std::uint8_t flags = 0;  // sync::kLate, sync::kSuspect
    bool shown = false;
  };
  // Those that did not simply end Ok, newest first.
  Result<std::vector<OwnOutcome>> outcomes(bool unread_only, std::size_t count_max);
  Status mark_outcomes_shown(std::uint64_t dseq);

  // ---- what the server is asked to decide, and has decided

  // A state that somebody here asked the server for; what is shown stays as the server has it.
  struct Asked {
    std::uint64_t dseq = 0;
    std::uint32_t op = 0;
    std::uint32_t entity = 0;
    RowId row{};
    std::uint32_t field = 0;
    Value wanted;
    std::uint64_t hlc = 0;
    std::vector<CellWrite> with;  // what the move needs
  };
  // Not decided yet, as far as known here; of one row or, with kNoRow, of all. Oldest first.
  Result<std::vector<Asked>> asked(std::uint32_t entity, RowId row);
  // Receipts that the server gave this device and a backup does not hold yet, newest first.
  Result<std::vector<sync::Receipt>> receipts(std::size_t count_max);

  // ---- conflicts

  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max);
  Result<std::int64_t> conflict_count();

  // Time of the server as far as known: the device's clock, corrected at the last contact.
  std::int64_t server_time_ms() const;
  struct Standing {
    std::uint32_t epoch = 0;
    std::uint64_t base = 0;  // everything up to here is complete
    std::uint64_t stable = 0;
    std::int64_t last_complete_ms = 0;  // server time of the last complete round; 0: never
    bool forked = false;
  };
  Standing standing() const;

  // This is the copy that goes on under another number (shared/sync/rekey.h). Its commits after
  // the last common one are its first ones now, unchanged; what is here is shown until a round
  // has brought it anew. `also` runs in the same transaction: keep the new keys there.
  // Afterwards open the replica anew, with the new identity.
  Status rekey(const sync::NewNumber& given, const std::function<Status()>& also);

  // ---- sync::DeviceStore

  Result<sync::DeviceState> state() override;
  Result<Hash256> chain_hash(std::uint64_t dseq) override;
  Result<std::vector<sync::ChainedCommit>> own_after(std::uint64_t dseq,
                                                     std::size_t bytes_max) override;
  Status mark_sent(std::uint64_t dseq) override;
  Status adopt(std::span<const sync::ChainedCommit> commits) override;
  Status apply(const Page& page, const sync::PageNote& note) override;
  Result<std::vector<Bytes>> receipts(std::uint64_t first, std::uint64_t last) override;
  Status set_forked(bool forked) override;

 private:
  struct State;
  explicit Replica(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan
