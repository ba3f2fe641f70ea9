// The server's tables as maps: the plainest thing that keeps the contract, to hold the
// databases against.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "shared/catalogue/catalogue.h"
#include "shared/storage/server_tables.h"

namespace banyan::test {

class MemoryServerTables final : public ServerTables {
 public:
  struct Logged {
    LogRow row;
    Bytes body, outcome;
  };
  struct Stored {
    Row row;
    std::uint64_t seq = 0;
  };
  struct Member {
    std::uint32_t mask = 0, root = 0;
    std::uint64_t top = 0;
  };
  // All there is, so that an undone transaction is the copy put back.
  struct Content {
    std::optional<Head> head;
    std::vector<std::pair<sync::Epoch, std::int64_t>> epochs;
    std::map<DeviceId, DeviceRow> devices;
    std::map<std::uint64_t, Logged> log;
    std::map<std::pair<DeviceId, std::uint64_t>, std::uint64_t> places;  // (device, dseq) -> seq
    std::map<std::pair<DeviceId, std::uint64_t>, SignedSpan> signatures;
    std::map<std::int64_t, sync::ParkedBundle> parked;
    std::int64_t parked_last = 0;
    std::map<std::pair<std::uint32_t, RowId>, Stored> rows;
    std::map<std::pair<RowId, RowId>, Member> members;  // (aggregate, scope)
    std::vector<sync::Move> moves;
    std::map<std::tuple<RowId, RowId, std::uint64_t>, sync::AccessSpan> access;
    std::map<std::pair<std::string, std::string>, ImportKey> keys;
    std::map<sync::CommandId, std::pair<sync::ReceiptState, Bytes>> receipts;
    std::map<std::pair<std::uint32_t, RowId>, sync::Edge> edges;
  };

  // Objects over one content are one after the other, not side by side.
  MemoryServerTables(const Catalogue& catalogue, std::shared_ptr<Content> content)
      : catalogue_(catalogue), content_(std::move(content)), now_(*content_) {}

  Status begin(Hold hold) override;
  Status commit() override;
  void roll_back() override;
  Status begin_group() override { return {}; }
  Status end_group() override { return {}; }
  bool stopped() const override { return false; }

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

  Status put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                     ByteView bytes) override;
  Result<std::vector<Bytes>> receipts_given(DeviceId id, std::uint64_t dseq) override;

  Result<std::vector<sync::ParkedBundle>> parked(const ParkedQuery& query) override;
  Result<std::vector<DeviceId>> devices_with_parked(sync::ParkReason reason) override;
  Result<std::uint64_t> parked_bytes(DeviceId id, sync::ParkReason besides) override;
  Status add_parked(const sync::ParkedBundle& bundle) override;
  Status set_parked(std::int64_t id, sync::ParkReason reason) override;
  Status drop_parked(std::int64_t id) override;
  Status drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) override;

  Status read_ahead(const Ahead&) override { return {}; }
  Result<RowId> find_row(const Entity& entity, const Field& field, const Value& value) override;
  Result<std::vector<PlacedRow>> rows_after(std::uint32_t entity, RowId after,
                                            std::size_t count_max) override;
  Status rewrite_row(const PlacedRow& row, const Row& before) override;
  Result<Hash256> state_hash() override;
  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max) override;
  Result<std::vector<ImportKey>> import_keys(std::string_view source) override;
  Status put_import_keys(std::string_view source, std::span<const ImportKey> keys) override;

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
  Result<std::optional<Bytes>> receipt(const sync::CommandId& command,
                                       sync::ReceiptState state) override;
  Result<std::optional<sync::Edge>> edge(std::uint32_t entity, RowId row) override;
  Status keep_edge(const sync::Edge& edge) override;
  Result<std::vector<sync::Edge>> edges_waiting(RowId other) override;
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
  const Catalogue& catalogue_;
  std::shared_ptr<Content> content_;
  Content& now_;
  std::optional<Content> before_;
};

}  // namespace banyan::test
