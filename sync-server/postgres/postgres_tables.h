// The server's tables in PostgreSQL, for any number of server processes over one database.
// POSTGRES.md has the tables, and what happens when something fails.
//
// Nothing is known in memory beyond a transaction. What a transaction writes goes to the
// database with its commit, in one trip; what it reads is read ahead (read_ahead(), and in a
// snapshot whatever the feed is going to ask for next). A connection that is lost is made anew
// with the next transaction.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "shared/catalogue/catalogue.h"
#include "shared/storage/server_tables.h"
#include "sync-server/postgres/connection.h"

namespace banyan::postgres {

// The channel on which every commit that moves the end of the log says "SEQUENCE PROCESS SCOPES":
// who said it, so that he need not listen to himself, and what it touched ("*": too much to name).
inline constexpr const char* kNewsChannel = "banyan_news";
const std::string& process_tag();

class PostgresTables final : public ServerTables {
 public:
  // Connects and makes the tables that are missing. `catalogue` must outlive the object.
  // Refused when the database is another organisation's.
  static Result<std::unique_ptr<PostgresTables>> open(std::string url, const Catalogue& catalogue,
                                                      std::uint32_t organisation);

  // For what else a bank keeps in its database; outside of transactions.
  Result<Connection*> connection();

  Status begin(Hold hold) override;
  Status commit() override;
  void roll_back() override;
  // What others wait for is not held longer than one bundle takes.
  Status begin_group() override { return {}; }
  Status end_group() override { return {}; }
  void tell(const std::set<RowId>& touched) override;
  bool stopped() const override { return false; }  // the next transaction connects anew

  Result<Head> head() override;
  Status save_head(const Head& head) override;
  Result<std::vector<sync::Epoch>> epochs() override;
  Result<std::int64_t> newest_epoch_ms() override;
  Status add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) override;

  Result<DeviceRow> device_row(DeviceId id) override;
  Status save_device(const DeviceRow& row) override;
  Result<DeviceId> device_with_key(const VerifyKey& sign_key) override;
  Result<std::vector<sync::DeviceRecord>> devices(DeviceId from) override;
  Status contacted(DeviceId id, const Heard& heard) override;
  Result<std::optional<std::uint64_t>> lowest_floor() override;
  Result<bool> any_away(std::uint32_t epoch) override;

  Status put_log(const LogRow& row) override;
  Status put_signature(const SignedSpan& signature) override;
  Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) override;
  Result<std::uint64_t> place_of(DeviceId id, std::uint64_t dseq) override;
  Result<OrderHash> order_at(std::uint64_t seq) override;
  Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                std::size_t bytes_max) override;
  Status ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) override;
  Status read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max, Way way,
                  const EachLogRow& each) override;
  Status read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                     const EachLogRow& each) override;
  Status read_signatures(const std::function<Status(const SignedSpan&)>& each) override;

  Result<std::vector<sync::ParkedBundle>> parked(const ParkedQuery& query) override;
  Result<std::vector<DeviceId>> devices_with_parked(sync::ParkReason reason) override;
  Result<std::uint64_t> parked_bytes(DeviceId id, sync::ParkReason besides) override;
  Status add_parked(const sync::ParkedBundle& bundle) override;
  Status set_parked(std::int64_t id, sync::ParkReason reason) override;
  Status drop_parked(std::int64_t id) override;
  Status drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) override;

  Status read_ahead(const Ahead& ahead) override;
  Result<RowId> find_row(const Entity& entity, const Field& field, const Value& value) override;
  Result<std::vector<PlacedRow>> rows_after(std::uint32_t entity, RowId after,
                                            std::size_t count_max) override;
  Status rewrite_row(const PlacedRow& row, const Row& before) override;
  Result<Hash256> state_hash() override;
  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max) override;
  Result<std::vector<ImportKey>> import_keys(std::string_view source) override;
  Status put_import_keys(std::string_view source, std::span<const ImportKey> keys) override;

  Status put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                     ByteView bytes) override;
  Result<std::vector<Bytes>> receipts_given(DeviceId id, std::uint64_t dseq) override;

  Result<std::optional<Bytes>> receipt(const sync::CommandId& command,
                                       sync::ReceiptState state) override;
  Result<std::optional<sync::Edge>> edge(std::uint32_t entity, RowId row) override;
  Status keep_edge(const sync::Edge& edge) override;
  Result<std::vector<sync::Edge>> edges_waiting(RowId other) override;
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
  Result<std::vector<sync::FeedEntry>> newest(RowId scope, std::size_t count_max) override;
  Result<std::vector<sync::FeedEntry>> members(RowId scope, const sync::TopRange& range,
                                               RowId after, std::size_t count_max) override;
  Result<std::uint64_t> count_members(RowId scope, const sync::TopRange& range) override;
  Result<std::vector<Row>> rows_of(std::uint32_t entity, RowId aggregate,
                                   std::uint64_t after) override;

 private:
  using RowKey = std::pair<std::uint32_t, RowId>;

  // What this transaction has read. A write to something takes it out.
  struct Known {
    std::map<RowKey, Row> rows;
    std::map<RowId, sync::Standing> standings;
    std::map<RowId, std::vector<sync::AccessSpan>> access;
    std::map<RowId, std::vector<sync::Move>> moves;
    std::map<std::uint64_t, std::int64_t> received;
    // The feed's aggregates in its order, and their rows: undecoded, by entity.
    std::vector<RowId> listed;
    std::map<RowId, std::size_t> places;
    struct Rows {
      std::uint64_t after = 0;
      std::map<std::uint32_t, std::vector<Bytes>> images;
    };
    std::map<RowId, Rows> aggregates;
    std::size_t aggregates_ahead = 4;
  };
  // What this transaction writes as whole columns, when it commits or reads from the database.
  struct Written {
    struct LogLine {
      LogRow row;
      Bytes body, outcome;
    };
    std::vector<LogLine> log;
    struct Image {
      RowId aggregate{};
      std::uint64_t seq = 0;
      Bytes bytes;
    };
    std::map<RowKey, Image> rows;
    std::map<RowId, std::uint64_t> tops;
  };

  PostgresTables(std::string url, const Catalogue& catalogue)
      : url_(std::move(url)), catalogue_(catalogue) {}

  Status connect();
  Result<Answer> ask(std::string sql, Arguments arguments = {});
  Result<std::vector<Answer>> ask_all(const std::vector<Command>& commands);
  // After everything else that this transaction has written so far.
  Status write(std::string sql, Arguments arguments);
  void send_log();
  void send_rows();
  void send_written();
  Result<Answer> begin_order();
  void end();

  void list(const std::vector<sync::FeedEntry>& entries);
  std::vector<std::int64_t> next_listed(RowId from, std::size_t count_max,
                                        const std::function<bool(RowId)>& wanted) const;
  Status read_standings(std::span<const std::int64_t> aggregates);
  void take_standings(std::span<const std::int64_t> aggregates, const Answer& answer);
  Status read_aggregates(RowId from, std::uint64_t after);
  Status save_names(const Row& row, const Row& before);

  std::string url_;
  const Catalogue& catalogue_;
  std::unique_ptr<Connection> connection_;
  std::optional<Hold> open_;
  std::optional<Head> head_;  // within Order and Snapshot
  bool moved_ = false;        // this transaction has moved the end of the log
  std::set<RowId> told_;      // and what others hear of it
  Known known_;
  Written written_;
};

}  // namespace banyan::postgres
