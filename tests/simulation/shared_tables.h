// One and the same tables for several stores, each of which believes that others may write between
// its calls: what processes of the server are to each other, without a database of many writers.
#pragma once

#include "shared/storage/server_tables.h"

namespace banyan::sim {

class SharedTables final : public ServerTables {
 public:
  explicit SharedTables(ServerTables& to) : to_(to) {}

  Status begin(Hold hold) override { return to_.begin(hold); }
  Status commit() override { return to_.commit(); }
  void roll_back() override { to_.roll_back(); }
  Status begin_group() override { return to_.begin_group(); }
  Status end_group() override { return to_.end_group(); }
  bool stopped() const override { return to_.stopped(); }
  Result<Head> head() override { return to_.head(); }
  Status save_head(const Head& head) override { return to_.save_head(head); }
  Result<std::vector<sync::Epoch>> epochs() override { return to_.epochs(); }
  Result<std::int64_t> newest_epoch_ms() override { return to_.newest_epoch_ms(); }
  Status add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) override {
    return to_.add_epoch(epoch, at_ms);
  }
  Result<DeviceRow> device_row(DeviceId id) override { return to_.device_row(id); }
  Status save_device(const DeviceRow& row) override { return to_.save_device(row); }
  Result<DeviceId> device_with_key(const VerifyKey& sign_key) override {
    return to_.device_with_key(sign_key);
  }
  Result<std::vector<sync::DeviceRecord>> devices(DeviceId from) override {
    return to_.devices(from);
  }
  Status contacted(DeviceId id, const Heard& heard) override { return to_.contacted(id, heard); }
  Result<std::optional<std::uint64_t>> lowest_floor() override { return to_.lowest_floor(); }
  Result<bool> any_away(std::uint32_t epoch) override { return to_.any_away(epoch); }
  Status put_log(const LogRow& row) override { return to_.put_log(row); }
  Status put_signature(const SignedSpan& signature) override {
    return to_.put_signature(signature);
  }
  Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) override {
    return to_.chain_hash(id, dseq);
  }
  Result<std::uint64_t> place_of(DeviceId id, std::uint64_t dseq) override {
    return to_.place_of(id, dseq);
  }
  Result<OrderHash> order_at(std::uint64_t seq) override { return to_.order_at(seq); }
  Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                std::size_t bytes_max) override {
    return to_.tail(id, dseq, bytes_max);
  }
  Status ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) override {
    return to_.ends(id, dseq, each);
  }
  Status read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max, Way way,
                  const EachLogRow& each) override {
    return to_.read_log(from, to, count_max, way, each);
  }
  Status read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                     const EachLogRow& each) override {
    return to_.read_log_of(aggregate, before, count_max, each);
  }
  Status read_signatures(const std::function<Status(const SignedSpan&)>& each) override {
    return to_.read_signatures(each);
  }
  Status put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                     ByteView bytes) override {
    return to_.put_receipt(command, state, bytes);
  }
  Result<std::vector<Bytes>> receipts_given(DeviceId id, std::uint64_t dseq) override {
    return to_.receipts_given(id, dseq);
  }
  Result<std::vector<sync::ParkedBundle>> parked(const ParkedQuery& query) override {
    return to_.parked(query);
  }
  Result<std::vector<DeviceId>> devices_with_parked(sync::ParkReason reason) override {
    return to_.devices_with_parked(reason);
  }
  Result<std::uint64_t> parked_bytes(DeviceId id, sync::ParkReason besides) override {
    return to_.parked_bytes(id, besides);
  }
  Status add_parked(const sync::ParkedBundle& bundle) override { return to_.add_parked(bundle); }
  Status set_parked(std::int64_t id, sync::ParkReason reason) override {
    return to_.set_parked(id, reason);
  }
  Status drop_parked(std::int64_t id) override { return to_.drop_parked(id); }
  Status drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) override {
    return to_.drop_parked(id, first, bytes_max);
  }
  Status read_ahead(const Ahead& ahead) override { return to_.read_ahead(ahead); }
  Result<RowId> find_row(const Entity& entity, const Field& field, const Value& value) override {
    return to_.find_row(entity, field, value);
  }
  Result<std::vector<PlacedRow>> rows_after(std::uint32_t entity, RowId after,
                                            std::size_t count_max) override {
    return to_.rows_after(entity, after, count_max);
  }
  Status rewrite_row(const PlacedRow& row, const Row& before) override {
    return to_.rewrite_row(row, before);
  }
  Result<Hash256> state_hash() override { return to_.state_hash(); }
  Result<std::vector<ConflictCell>> conflicts(std::size_t count_max) override {
    return to_.conflicts(count_max);
  }
  Result<std::vector<ImportKey>> import_keys(std::string_view source) override {
    return to_.import_keys(source);
  }
  Status put_import_keys(std::string_view source, std::span<const ImportKey> keys) override {
    return to_.put_import_keys(source, keys);
  }
  Result<Row> load_row(std::uint32_t entity, RowId id) override { return to_.load_row(entity, id); }
  Status save_row(const Row& row, const Row& before, std::uint64_t seq) override {
    return to_.save_row(row, before, seq);
  }
  Result<sync::Standing> standing(RowId aggregate) override { return to_.standing(aggregate); }
  Status add_member(RowId aggregate, std::uint32_t root, const sync::Membership& member,
                    std::uint64_t seq) override {
    return to_.add_member(aggregate, root, member, seq);
  }
  Status remove_member(RowId aggregate, RowId scope) override {
    return to_.remove_member(aggregate, scope);
  }
  Status set_top(RowId aggregate, std::uint64_t seq) override {
    return to_.set_top(aggregate, seq);
  }
  Status add_move(const sync::Move& move) override { return to_.add_move(move); }
  Result<std::vector<sync::Move>> moves_of(RowId aggregate) override {
    return to_.moves_of(aggregate);
  }
  Result<std::vector<sync::AccessSpan>> access_of(RowId user) override {
    return to_.access_of(user);
  }
  Status begin_access(RowId user, const sync::AccessSpan& span) override {
    return to_.begin_access(user, span);
  }
  Status end_access(RowId user, RowId scope, std::uint64_t seq) override {
    return to_.end_access(user, scope, seq);
  }
  Result<std::optional<Bytes>> receipt(const sync::CommandId& command,
                                       sync::ReceiptState state) override {
    return to_.receipt(command, state);
  }
  Result<std::optional<sync::Edge>> edge(std::uint32_t entity, RowId row) override {
    return to_.edge(entity, row);
  }
  Status keep_edge(const sync::Edge& edge) override { return to_.keep_edge(edge); }
  Result<std::vector<sync::Edge>> edges_waiting(RowId other) override {
    return to_.edges_waiting(other);
  }
  Result<std::int64_t> received_ms(std::uint64_t seq) override { return to_.received_ms(seq); }
  Result<std::vector<sync::Move>> moves_in(RowId scope, std::uint64_t since) override {
    return to_.moves_in(scope, since);
  }
  Result<std::vector<sync::FeedEntry>> feed(RowId scope, std::uint64_t after,
                                            std::size_t count_max) override {
    return to_.feed(scope, after, count_max);
  }
  Result<std::vector<sync::FeedEntry>> members(RowId scope, const sync::TopRange& range,
                                               RowId after, std::size_t count_max) override {
    return to_.members(scope, range, after, count_max);
  }
  Result<std::vector<sync::FeedEntry>> newest(RowId scope, std::size_t count_max) override {
    return to_.newest(scope, count_max);
  }
  Result<std::uint64_t> count_members(RowId scope, const sync::TopRange& range) override {
    return to_.count_members(scope, range);
  }
  Result<std::vector<Row>> rows_of(std::uint32_t entity, RowId aggregate,
                                   std::uint64_t after) override {
    return to_.rows_of(entity, aggregate, after);
  }

 private:
  ServerTables& to_;
};

}  // namespace banyan::sim
