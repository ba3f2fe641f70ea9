// What the files of the replica share. Not for others.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "shared/changelog/codec.h"
#include "shared/storage/commit_rows.h"
#include "shared/storage/replica.h"
#include "shared/storage/transaction.h"

namespace banyan {

// Table pend: for every row with own writes that the server has not acknowledged,
// one line for each such commit, and a line with dseq 0 that holds the confirmed
// image (no image, or no such line: confirmed absent). `through` says up to which own
// commit that image includes them already, so that a counter is never counted twice. The
// lines go when a page brings the row with all of them in it, or when the round that
// acknowledges them ends.
//
// Table acks: which sequences of the server own commits have, in runs of consecutive ones.
struct Replica::State {
  State(Database& database, const Catalogue& packs, const Identity& who, const Clock& c, Random& r)
      : db(database),
        catalogue(packs),
        identity(who),
        clock(c),
        random(r),
        tables(database, packs, Tables::Side::Device),
        minter(who.device, static_cast<std::uint32_t>(r.next_u64())) {}

  // Where the log and the cursor stand. Changed as a copy inside a transaction,
  // and taken over once that has committed.
  struct Mark {
    std::uint64_t last = 0;  // newest own commit
    Hash256 last_hash;
    std::uint64_t hlc = 0;
    sync::Cursor cursor;
    std::uint64_t acked = 0, stable = 0;
    std::uint64_t sent = 0;  // own commits up to here have reached the server or a carrier
    std::uint64_t safe = 0;  // own commits up to here are in a backup
    std::int64_t theta = 0;  // device clock minus server clock
    std::int64_t complete_ms = 0;
    std::uint64_t left = 0;  // aggregates that the round has yet to bring, at most
    bool forked = false;
  };

  using RowKey = std::pair<std::uint32_t, RowId>;
  // Own commits that wait on one row, and what the server has of it.
  struct Pending {
    std::vector<std::uint64_t> commits;  // ascending; empty: none waits
    RowId aggregate{};
    std::uint64_t through = 0;
    Row confirmed;
  };
  // What one transaction gathers.
  struct Work {
    Mark mark;
    std::set<RowId> drops;
    bool any_pending = true;  // false: table pend is empty
    std::vector<Touched> touched;
    std::map<std::uint64_t, Commit> commits;  // own ones, decoded once
  };

  Database& db;
  const Catalogue& catalogue;
  Identity identity;
  const Clock& clock;
  Random& random;
  Tables tables;
  RowIdMinter minter;
  ReplicaListener* listener = nullptr;
  Mark mark;
  std::set<RowId> drops;  // aggregates that go once nothing of them is pending

  Status create();
  Status check_identity();
  Status read_mark();
  Status save_mark(const Mark& before, const Mark& now);
  Status change_mark(const Mark& now);  // in a transaction of its own

  std::int64_t server_now() const { return clock.wall_ms() - mark.theta; }
  std::uint64_t next_hlc(const Mark& m) const;

  // Tells the listener, commits, and takes `work` over.
  Status finish(Transaction& change, Work& work);

  // write()
  Result<Written> write_one(const Draft& draft, Work& work);
  Status append_own(const Commit& commit, Work& work);
  Status note_pending(const Row& before, const RowKey& key, RowId aggregate, const Mark& m);

  // apply()
  Result<Pending> pending(std::uint32_t entity, RowId id, const Work& work);
  Status keep_confirmed(const Row& confirmed, RowId aggregate, std::uint64_t through);
  Result<const Commit*> own_commit(std::uint64_t dseq, Work& work);
  Status overlay(Row& row, const std::vector<std::uint64_t>& commits, std::uint64_t through,
                 Work& work);
  Status confirm(Row& row, const Pending& own, std::uint64_t acked, Work& work);
  Status show(const Row& row, const Row& before, Work& work);
  Status take_change(const RowChange& change, RowId aggregate, bool anew, const Page& page,
                     Work& work);
  Status take_whole(const PageAggregate& aggregate, const Page& page, Work& work);
  Status forget(std::uint32_t entity, RowId id, const Page& page, Work& work);
  Status finish_round(const Page& page, const sync::PageNote& note, Work& work);
  Status settle(const RowKey& key, std::uint64_t newest, Work& work);
  Status keep_outcomes(const Page& page, const sync::PageNote& note, Work& work);
  Status keep_outcome(std::uint64_t dseq, const OutcomeRecord& record, std::uint8_t flags,
                      Work& work);
  Status run_drops(Work& work);
  Status prune(Work& work);
  Status start_over(const Page& page);
  Status pend_again(std::uint64_t after, Work& work);
};

}  // namespace banyan
