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
#include "shared/storage/waiting_rows.h"

namespace banyan {

// own.img: rows, each with its length before it; null when there are none.
Result<std::vector<Row>> decode_images(ByteView in);

// A row with own writes that the server has not confirmed waits (WaitingRows), and its image
// as last confirmed is kept. The first own commit that makes a row wait carries it in its own
// line (own.img), so that a write touches two trees: log and row. Only when a page brings a row
// that waits has it a line in table confirmed: with the image and up to which own commit that
// holds them (`through`), so that a counter is never counted twice; or `shown`, when it holds
// all of them and the round that acknowledges them has not ended. What waits follows from
// both tables.
//
// Table agg: aggregates that go (kDrop), and those that are stale (kStale).
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

  static constexpr std::int64_t kDrop = 1, kStale = 2;

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
    // What a commit says that its author has seen: the end of the last complete round, or where
    // the log stood when this device joined.
    std::uint32_t claim_epoch = 0;
    std::uint64_t claim = 0;
    bool forked = false;
  };

  // What one transaction gathers. Gone without finish(), what waits is as it was.
  struct Work {
    explicit Work(State& state) : mark(state.mark), drops(state.drops), waiting(state.waiting) {}
    ~Work() { waiting.undo(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    Mark mark;
    std::set<RowId> drops;
    std::vector<RowId> refreshed;  // stale no more
    WaitingRows& waiting;
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
  std::vector<Dot> former;  // WriteContext::former
  std::set<RowId> drops;    // aggregates that go once nothing of them is pending
  // Aggregates as another log had them, before the server was restored: shown until this round
  // brings them anew, gone at its end otherwise.
  std::set<RowId> stale;
  WaitingRows waiting;

  Status create();
  Status check_identity();
  Status read_mark();
  Status read_aggregates();
  Status read_waiting(std::uint64_t acked);
  Status save_mark(const Mark& before, const Mark& now);
  Status change_mark(const Mark& now);  // in a transaction of its own

  std::int64_t server_now() const { return clock.wall_ms() - mark.theta; }
  std::uint64_t next_hlc(const Mark& m) const;

  // Tells the listener, commits, and takes `work` over.
  Status finish(Transaction& change, Work& work);

  // write()
  Result<Written> write_one(const Draft& draft, Work& work);
  Status append_own(const Commit& commit, const ByteWriter& images, Work& work);
  void note_waiting(const Row& before, const RowKey& key, RowId aggregate, std::uint64_t dseq,
                    ByteWriter& images);

  // apply()
  Result<Row> confirmed(const RowKey& key, const Waiting& own);
  Status keep_confirmed(const Row& row, std::uint64_t through);
  Status drop_confirmed(const RowKey& key);
  Result<const Commit*> own_commit(std::uint64_t dseq, Work& work);
  Status overlay(Row& row, const std::vector<std::uint64_t>& commits, Work& work);
  Status rest_waits(Row& row, Waiting rest, std::uint64_t through, Work& work);
  bool keeps_still(const RowKey& key) const;
  Status confirm(Row& row, const Page& page, Work& work);
  Status show(const Row& row, const Row& before, Work& work);
  Status take_change(const RowChange& change, RowId aggregate, bool anew, const Page& page,
                     Work& work);
  Status take_aggregates(const Page& page, Work& work);
  Status take_aggregate(const PageAggregate& aggregate, const Page& page, Work& work);
  Status keep_part(const PageAggregate& aggregate);
  Result<PageAggregate> with_parts(const PageAggregate& rest);
  Status take_whole(const PageAggregate& aggregate, const Page& page, Work& work);
  Status take_changes(const PageAggregate& aggregate, const Page& page, Work& work);
  Status drop_stale(const Page& page, Work& work);
  Status forget(std::uint32_t entity, RowId id, const Page& page, Work& work);
  Status finish_round(const Page& page, const sync::PageNote& note, Work& work);
  Status settle(const RowKey& key, Work& work);
  Status keep_outcomes(const Page& page, const sync::PageNote& note, Work& work);
  Status keep_receipts(const sync::PageNote& note);
  Status keep_outcome(std::uint64_t dseq, const OutcomeRecord& record, std::uint8_t flags,
                      Work& work);
  Status run_drops(Work& work);
  Status prune(Work& work);
  Result<std::uint64_t> still_there(const Page& page);
  Status start_over(const Page& page, const sync::PageNote& note);
  std::int64_t theta_after(const Page& page, const sync::PageNote& note) const;
  Status begin_anew(std::uint32_t epoch, std::uint64_t dseq, Work& work);
  Status finish_anew(Transaction& change, Work& work);

  // rekey()
  Status renumber_own(std::uint64_t common, Mark& m);
};

}  // namespace banyan
