// The server's merge: one commit after the other meets the state, in the order
// of the log. Knows no SQL; a store lends it one open transaction.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/merge.h"
#include "shared/sync/protocol.h"
#include "shared/sync/receipt.h"
#include "shared/sync/scopes.h"
#include "shared/sync/store.h"
#include "shared/workflow/machine.h"

namespace banyan::sync {

enum class ReceiptState : std::uint8_t {
  Shown = 0,  // by a device: of a decision that a restore took away
  Given = 1,  // for a decision of this log
};

// A row that has or wants a mirror in another aggregate (Entity::mirror).
struct Edge {
  std::uint32_t entity = 0;
  RowId row{}, aggregate{};
  RowId other{};   // the root that it names
  RowId mirror{};  // the row in the other aggregate; kNoRow: that is not here yet
};

// What Ingest reads and writes, inside the store's transaction.
class IngestStore {
 public:
  virtual ~IngestStore() = default;

  virtual Result<Row> load_row(std::uint32_t entity, RowId id) = 0;
  // `before`: as load_row() gave it.
  virtual Status save_row(const Row& row, const Row& before, std::uint64_t seq) = 0;

  virtual Result<Standing> standing(RowId aggregate) = 0;
  virtual Status add_member(RowId aggregate, std::uint32_t root, const Membership& member,
                            std::uint64_t seq) = 0;
  virtual Status remove_member(RowId aggregate, RowId scope) = 0;
  virtual Status set_top(RowId aggregate, std::uint64_t seq) = 0;
  virtual Status add_move(const Move& move) = 0;
  virtual Result<std::vector<Move>> moves_of(RowId aggregate) = 0;  // by sequence

  virtual Result<std::vector<AccessSpan>> access_of(RowId user) = 0;
  virtual Status begin_access(RowId user, const AccessSpan& span) = 0;
  virtual Status end_access(RowId user, RowId scope, std::uint64_t seq) = 0;

  // Of a command, in that state.
  virtual Result<std::optional<Bytes>> receipt(const CommandId& command, ReceiptState state) = 0;

  virtual Result<std::optional<Edge>> edge(std::uint32_t entity, RowId row) = 0;
  virtual Status keep_edge(const Edge& edge) = 0;  // inserts or replaces
  // Those to `other` without a mirror, by (entity, row).
  virtual Result<std::vector<Edge>> edges_waiting(RowId other) = 0;

  // When the server took commit `seq`; 0 for an unknown one.
  virtual Result<std::int64_t> received_ms(std::uint64_t seq) = 0;
};

// An epoch of the server's life; `base` is the last sequence before it began.
struct Epoch {
  std::uint32_t epoch = 0;
  std::uint64_t base = 0;
};

// `seen` of a commit in the sequence numbers of today: after a restore nothing
// beyond the restored log was seen. `head`: newest sequence.
std::uint64_t map_seen(std::span<const Epoch> epochs, std::uint32_t epoch, std::uint64_t seen,
                       std::uint64_t head);

// What the server has to write because of the commit that it just took: a decision on a command,
// the mirror of an edge, a task to look at something.
struct Decision {
  std::optional<Draft> draft;      // without it nothing changes
  std::optional<Receipt> receipt;  // without organisation, epoch, sequence and time
};

// Whether a write of before a restore failed for want of what its author may have seen, and
// the restore took away: its row, or the right to it. What he had seen is more than his
// `seen`: that counts complete rounds, and he works with the pages of an unfinished one too.
bool misses_lost_ground(const Commit& commit, std::uint32_t epoch, const CommitOutcome& outcome);

// What the bank asks of a commit before it is merged.
struct Gate {
  std::uint64_t horizon = 0;  // a commit that has seen less waits for a person
  std::int64_t late_ms_max = kLateMsMax;
  bool open = false;  // a person has looked at it: it is taken as it stands
};

// The field of the entity's states when devices write it; null: none, or the server decides.
const Field* ordinary_state(const Entity& entity);

class Ingest {
 public:
  struct Author {
    DeviceId device{};
    RowId user{};                      // a device's; not for server authors
    bool server = false;               // import, or the server itself
    std::uint64_t eff = 0;             // newest stamp of this device
    std::span<const Dot> former = {};  // WriteContext::former
  };

  using Mint = std::function<RowId()>;  // an id for a row that the server itself makes

  // `machines` has the catalogue.
  Ingest(IngestStore& store, Machines& machines, Mint mint, std::span<const Epoch> epochs,
         Author author, std::int64_t now_ms, Gate gate)
      : store_(store),
        machines_(machines),
        mint_(std::move(mint)),
        catalogue_(machines.catalogue()),
        epochs_(epochs),
        author_(author),
        now_ms_(now_ms),
        gate_(gate) {}

  // Merges the commit as number `seq` of the log. When held() says why it must wait, nothing of
  // the transaction counts.
  Result<CommitOutcome> take(const Commit& commit, std::uint64_t dseq, std::uint64_t seq);

  // What follows from the commit just taken, in this order. Each draft is to be taken by
  // take_own() before the next commit, and may have decisions of its own.
  std::vector<Decision> decisions() { return std::exchange(decisions_, {}); }

  // As take(), of a commit of the server's own in between. `eff`: newest stamp of device 1;
  // raised.
  Result<CommitOutcome> take_own(const Commit& commit, std::uint64_t dseq, std::uint64_t seq,
                                 std::uint64_t& eff);

  // A row as it stands after what was taken so far.
  Result<const Row*> peek(std::uint32_t entity, RowId id);

  // Writes what take() changed; call once, at the end of the transaction.
  Status flush();

  std::optional<ParkReason> held() const { return held_; }
  std::uint64_t eff() const { return author_.eff; }  // for the device's next commit
  void raise(std::uint64_t eff) { author_.eff = std::max(author_.eff, eff); }
  std::uint64_t stamp() const { return stamp_; }  // of the commit just taken
  std::uint64_t seen() const { return seen_; }    // mapped, of the commit just taken
  // Whose readers have something new: scopes of what was changed, those that it has left, and
  // people whose access has changed.
  const std::set<RowId>& touched() const { return touched_; }

 private:
  struct Cached {
    Row before, now;
    std::uint64_t seq = 0;  // 0: unchanged
  };
  struct Key {
    std::uint32_t entity;
    RowId id;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& k) const {
      return std::hash<std::int64_t>()(number(k.id) * 1024 + k.entity);
    }
  };
  struct Plan {  // how a commit as a whole may go on
    std::optional<Outcome> refused;
    bool late = false;
    bool creates = false;
    std::size_t creating_row = 0;
  };

  Result<Cached*> row(std::uint32_t entity, RowId id);
  Result<Standing*> standing(RowId aggregate);
  Result<const std::vector<AccessSpan>*> access();
  Result<const Role*> role();
  Result<Plan> plan(const Commit& commit);
  Result<Plan> plan_new_aggregate(const Commit& commit);
  Result<bool> suspect(const Commit& commit);
  Result<bool> merge_row(const Commit& commit, std::size_t index, const Plan& plan,
                         WriteContext& context, CommitOutcome& outcome);
  Result<std::optional<Outcome>> refusal(const Commit& commit, const RowWrite& write,
                                         const Plan& plan);
  Status update_members(const Commit& commit, const Plan& plan, std::uint64_t seq);
  Status update_access(const Commit& commit, std::uint64_t seq);
  Status touch(RowId aggregate, std::uint64_t seq);
  // decisions.cpp
  Status decide(const Commit& commit, std::size_t index, const Plan& plan, const CommandId& id,
                WriteContext& context, CommitOutcome& outcome);
  Result<Verdict> verdict_on(const Commit& commit, const RowWrite& write, const Row& row,
                             const CommandId& id, CommitOutcome& outcome);
  Status open_review(const Entity& entity, const Row& row);  // reviews.cpp
  Status follow_edges(const Commit& commit, const Plan& plan, std::uint64_t seq);
  Status follow_edge(const Entity& entity, const Row& row);
  Status drop_mirror(const Entity& entity, const Edge& edge);
  Result<Draft> mirror_draft(const Entity& entity, const Row& row, const Edge& edge);

  IngestStore& store_;
  Machines& machines_;
  Mint mint_;
  const Catalogue& catalogue_;
  std::span<const Epoch> epochs_;
  Author author_;
  std::int64_t now_ms_;
  Gate gate_;
  std::optional<ParkReason> held_;
  std::uint64_t stamp_ = 0, seen_ = 0;
  std::vector<Decision> decisions_;
  std::unordered_map<Key, Cached, KeyHash> rows_;
  std::vector<Cached*> changed_;  // in the order of their first change
  std::unordered_map<std::int64_t, Standing> standings_;
  std::unordered_map<std::int64_t, std::uint64_t> tops_;
  std::set<RowId> touched_;
  std::optional<std::vector<AccessSpan>> access_;
  std::optional<const Role*> role_;
};

}  // namespace banyan::sync
