// What the files of the server's store share. Not for others.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "shared/changelog/codec.h"
#include "shared/storage/commit_rows.h"
#include "shared/storage/recent_rows.h"
#include "shared/storage/server_store.h"
#include "shared/sync/feed.h"
#include "shared/sync/ingest.h"

namespace banyan {

struct ServerStore::State final : sync::IngestStore, sync::FeedStore {
  State(Database& database, const Catalogue& packs, std::uint32_t org, const SigningKey& k,
        const Clock& c, Random& r)
      : db(database),
        catalogue(packs),
        organisation(org),
        key(k),
        clock(c),
        random(r),
        tables(database, packs, Tables::Side::Server) {}

  // About a day of a large bank, in some 20 MiB.
  static constexpr std::size_t kRecentWrites = 250'000;

  // Row `seqr`: the end of the log. Changed as a copy inside a transaction.
  struct Head {
    std::uint64_t seq = 0;
    std::uint32_t epoch = 0;
    std::uint64_t stable = 0;
    Hash256 order;  // of the whole log
    std::uint32_t next_device = 0;
  };

  struct DeviceRow {
    sync::DeviceRecord record;
    std::uint64_t eff = 0;    // newest stamp
    std::uint64_t floor = 0;  // what its newest commit had seen
  };

  // One transaction, or a part of a group that can be undone by itself.
  class Unit {
   public:
    static Result<Unit> begin(State& state);
    Unit(Unit&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    Unit& operator=(Unit&&) = delete;
    ~Unit();
    Status commit();

   private:
    explicit Unit(State& state) : state_(&state) {}
    State* state_;
  };

  Database& db;
  const Catalogue& catalogue;
  std::uint32_t organisation;
  const SigningKey& key;
  const Clock& clock;
  Random& random;
  Tables tables;
  std::map<DeviceId, RowIdMinter> minters;
  Head head;
  RecentRows recent{kRecentWrites};
  std::vector<sync::Epoch> epochs;
  bool grouped = false;

  Status create();
  Status begin_log();
  Status read_head();
  Status save_head(const Head& now);
  Status add_epoch(Head& now);

  Result<DeviceRow> device_row(DeviceId id);
  Status save_device(const DeviceRow& row);

  // Appends `commits` of one device, merges and signs off; see append() and author().
  struct Entry {
    const Commit* commit;
    ByteView body;
    Hash256 hash;
  };
  Status log_commit(const Entry& entry, DeviceId device, std::uint64_t dseq,
                    const sync::Ingest& ingest, const sync::CommitOutcome& outcome,
                    std::int64_t now_ms, Head& now);
  Status keep_signature(const ChainSpan& span, const Signature& signature, std::int64_t now_ms);
  Result<Commit> draft_commit(const Draft& draft, std::uint64_t hlc, const Head& now,
                              sync::Ingest& ingest);

  Status fill_ack(const DeviceRow& device, std::uint64_t acked, Page& page, sync::PageNote& note);
  Result<bool> cursor_fits(const sync::Cursor& cursor);
  Result<OrderHash> order_at(std::uint64_t seq);
  Result<LogEntry> read_entry(Statement& from);

  // sync::IngestStore, sync::FeedStore
  Result<Row> load_row(std::uint32_t entity, RowId id) override;
  Status save_row(const Row& row, const Row& before, std::uint64_t seq) override;
  Result<sync::Standing> standing(RowId aggregate) override;
  Status add_member(RowId aggregate, std::uint32_t root, const sync::Membership& member,
                    std::uint64_t seq) override;
  Status remove_member(RowId aggregate, RowId scope) override;
  Status set_top(RowId aggregate, std::uint64_t seq) override;
  Status add_move(const sync::Move& move) override;
  Result<std::vector<sync::Move>> moves_of(RowId aggregate) override;
  Result<std::vector<sync::AccessSpan>> access_of(RowId user) override;
  Status begin_access(RowId user, const sync::AccessSpan& span) override;
  Status end_access(RowId user, RowId scope, std::uint64_t seq) override;
  Result<std::int64_t> received_ms(std::uint64_t seq) override;
  Result<std::vector<sync::Move>> moves_in(RowId scope, std::uint64_t since) override;
  Result<std::vector<sync::FeedEntry>> feed(RowId scope, std::uint64_t after,
                                            std::size_t count_max) override;
  Result<std::vector<sync::FeedEntry>> members(RowId scope, const sync::TopRange& range,
                                               RowId after, std::size_t count_max) override;
  Result<std::uint64_t> count_members(RowId scope, const sync::TopRange& range) override;
  Result<std::uint64_t> count_members(RowId scope, const sync::TopRange& range,
                                      std::uint64_t count_max);
  Result<std::vector<Row>> rows_of(std::uint32_t entity, RowId aggregate,
                                   std::uint64_t after) override;
};

}  // namespace banyan
