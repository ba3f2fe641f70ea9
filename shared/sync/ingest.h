// The server's merge: one commit after the other meets the state, in the order
// of the log. Knows no SQL; a store lends it one open transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/merge.h"
#include "shared/sync/protocol.h"
#include "shared/sync/scopes.h"

namespace banyan::sync {

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

class Ingest {
 public:
  struct Author {
    DeviceId device{};
    RowId user{};                      // a device's; not for server authors
    bool server = false;               // import, or the server itself
    std::uint64_t eff = 0;             // newest stamp of this device
    std::span<const Dot> former = {};  // WriteContext::former
  };

  Ingest(IngestStore& store, const Catalogue& catalogue, std::span<const Epoch> epochs,
         Author author, std::int64_t now_ms, Gate gate)
      : store_(store),
        catalogue_(catalogue),
        epochs_(epochs),
        author_(author),
        now_ms_(now_ms),
        gate_(gate) {}

  // Merges the commit as number `seq` of the log. When held() says why it must wait, nothing of
  // the transaction counts.
  Result<CommitOutcome> take(const Commit& commit, std::uint64_t dseq, std::uint64_t seq);

  // A row as it stands after what was taken so far.
  Result<const Row*> peek(std::uint32_t entity, RowId id);

  // Writes what take() changed; call once, at the end of the transaction.
  Status flush();

  std::optional<ParkReason> held() const { return held_; }
  std::uint64_t eff() const { return author_.eff; }  // for the device's next commit
  std::uint64_t stamp() const { return stamp_; }     // of the commit just taken
  std::uint64_t seen() const { return seen_; }       // mapped, of the commit just taken
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

  IngestStore& store_;
  const Catalogue& catalogue_;
  std::span<const Epoch> epochs_;
  Author author_;
  std::int64_t now_ms_;
  Gate gate_;
  std::optional<ParkReason> held_;
  std::uint64_t stamp_ = 0, seen_ = 0;
  std::unordered_map<Key, Cached, KeyHash> rows_;
  std::vector<Cached*> changed_;  // in the order of their first change
  std::unordered_map<std::int64_t, Standing> standings_;
  std::unordered_map<std::int64_t, std::uint64_t> tops_;
  std::set<RowId> touched_;
  std::optional<std::vector<AccessSpan>> access_;
  std::optional<const Role*> role_;
};

}  // namespace banyan::sync
