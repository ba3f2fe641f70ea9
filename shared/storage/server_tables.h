// The tables under the server's store: what a database has to keep for it. The rules are
// above (ServerStore, sync::Ingest, sync::Feed); here is no decision, only rows.
//
// Two implementations, one contract (tests/contracts/change_store_contract.h): SQLite for one
// process, PostgreSQL for any number of them side by side. An object belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/changelog/chain.h"
#include "shared/storage/conflict_cell.h"
#include "shared/storage/import_key.h"
#include "shared/sync/feed.h"
#include "shared/sync/ingest.h"
#include "shared/sync/store.h"

namespace banyan {

// The fields by which the server looks somebody up, whatever else its packs hold.
struct LookUp {
  std::string_view entity, field;
};
inline constexpr std::array<LookUp, 3> kLookUps{
    {{"staff", "staff_no"}, {"device", "number"}, {"device_report", "device"}}};

class ServerTables : public sync::IngestStore, public sync::FeedStore {
 public:
  // Row `seqr`: the end of the log.
  struct Head {
    std::uint64_t seq = 0;
    std::uint32_t epoch = 0;
    std::uint64_t stable = 0;
    Hash256 order;  // of the whole log
    std::uint32_t next_device = 0;
    std::uint64_t horizon = 0;  // every active device has seen what stands up to here
  };

  struct DeviceRow {
    sync::DeviceRecord record;
    std::uint64_t eff = 0;    // newest stamp
    std::uint64_t floor = 0;  // no commit of it that is to come has seen less
    std::vector<Dot> former;  // numbers of which it is a copy, with the last common commit
  };

  // A commit's place in the log.
  struct LogRow {
    std::uint64_t seq = 0;
    DeviceId device{};
    std::uint64_t dseq = 0;
    std::int64_t received_ms = 0;
    std::uint64_t eff = 0;
    OrderHash order;
    Hash256 hash;  // of the device's chain
    RowId aggregate{};
    ByteView body;     // dies with the call that it is given to
    ByteView outcome;  // empty: all went well
  };
  using EachLogRow = std::function<Status(const LogRow&)>;

  struct SignedSpan {
    ChainSpan span;
    Signature signature;
    std::int64_t received_ms = 0;
  };

  ~ServerTables() override = default;

  // ---- transactions

  enum class Hold : std::uint8_t {
    Snapshot,  // reads only, all of one moment
    Rows,      // writes that have no place in the log
    Order,     // the end of the log is ours until commit(): nobody else appends
  };
  // Within a group: a part of it that can be undone by itself.
  virtual Status begin(Hold hold) = 0;
  // Durable when it returns without an error, or with the group's end.
  virtual Status commit() = 0;
  virtual void roll_back() = 0;  // nothing open: does nothing

  // Everything until end_group() becomes durable at once, where that saves time.
  virtual Status begin_group() = 0;
  virtual Status end_group() = 0;

  // These scopes and people have something new with this transaction: for other processes that
  // serve the same tables, which are told when it commits.
  virtual void tell(const std::set<RowId>&) {}

  // A failure after which this object cannot be trusted any more.
  virtual bool stopped() const = 0;

  // ---- the end of the log, and epochs

  // NotFound in a new database. With Hold::Order it stays so until commit().
  virtual Result<Head> head() = 0;
  virtual Status save_head(const Head& head) = 0;         // inserts or replaces
  virtual Result<std::vector<sync::Epoch>> epochs() = 0;  // in the order in which they began
  virtual Result<std::int64_t> newest_epoch_ms() = 0;     // when the newest began
  virtual Status add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) = 0;

  // ---- devices

  virtual Result<DeviceRow> device_row(DeviceId id) = 0;                    // NotFound
  virtual Status save_device(const DeviceRow& row) = 0;                     // inserts or replaces
  virtual Result<DeviceId> device_with_key(const VerifyKey& sign_key) = 0;  // NotFound
  // By number, from that one on.
  virtual Result<std::vector<sync::DeviceRecord>> devices(DeviceId from) = 0;
  struct Heard {
    std::uint32_t catalogue = 0;
    std::uint32_t whole_epoch = 0;
    std::uint64_t floor = 0;  // a lower one than before changes nothing
    std::int64_t now_ms = 0;
  };
  virtual Status contacted(DeviceId id, const Heard& heard) = 0;
  // The lowest floor of an active tablet; nothing when there is none.
  virtual Result<std::optional<std::uint64_t>> lowest_floor() = 0;
  // Whether an active tablet has not been wholly here in that epoch.
  virtual Result<bool> any_away(std::uint32_t epoch) = 0;

  // ---- the log

  virtual Status put_log(const LogRow& row) = 0;
  virtual Status put_signature(const SignedSpan& signature) = 0;
  virtual Result<Hash256> chain_hash(DeviceId id, std::uint64_t dseq) = 0;      // NotFound
  virtual Result<std::uint64_t> place_of(DeviceId id, std::uint64_t dseq) = 0;  // NotFound
  virtual Result<OrderHash> order_at(std::uint64_t seq) = 0;                    // NotFound
  // The device's commits after `dseq`, up to about `bytes_max`, at least one.
  virtual Result<std::vector<sync::ChainedCommit>> tail(DeviceId id, std::uint64_t dseq,
                                                        std::size_t bytes_max) = 0;
  // How the device's commits after `dseq` ended, in order. `body` stays empty.
  virtual Status ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) = 0;
  // With from < seq < to: the first `count_max`, or the last ones, newest first.
  enum class Way : std::uint8_t { Forward, Back };
  virtual Status read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max, Way way,
                          const EachLogRow& each) = 0;
  // Of one aggregate, below `before`: the last `count_max`, newest first.
  virtual Status read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                             const EachLogRow& each) = 0;
  // By device and first commit. The organisation of the span is left 0.
  virtual Status read_signatures(const std::function<Status(const SignedSpan&)>& each) = 0;

  // ---- receipts of commands

  // One a command: a given one replaces what is there, a shown one nothing.
  virtual Status put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                             ByteView bytes) = 0;
  // Given to the device for its commands after `dseq`, in order.
  virtual Result<std::vector<Bytes>> receipts_given(DeviceId id, std::uint64_t dseq) = 0;

  // ---- bundles that wait

  // Which bundles of a device, or of all.
  struct ParkedQuery {
    std::optional<DeviceId> device;
    std::uint64_t first_max = ~0ULL >> 1;   // that start there or before
    std::vector<sync::ParkReason> reasons;  // empty: any
    std::size_t count_max = ~std::size_t{0} >> 1;
  };
  // Of one device by (first, id), of all by id.
  virtual Result<std::vector<sync::ParkedBundle>> parked(const ParkedQuery& query) = 0;
  virtual Result<std::vector<DeviceId>> devices_with_parked(sync::ParkReason reason) = 0;
  // Bytes of the device's bundles that are not parked for this reason.
  virtual Result<std::uint64_t> parked_bytes(DeviceId id, sync::ParkReason besides) = 0;
  virtual Status add_parked(const sync::ParkedBundle& bundle) = 0;  // allots the id
  virtual Status set_parked(std::int64_t id, sync::ParkReason reason) = 0;
  virtual Status drop_parked(std::int64_t id) = 0;
  // Those of the device that start at `first` and are not larger.
  virtual Status drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) = 0;

  // ---- rows, beyond what the merge and the feed ask for

  // What a transaction is going to read, so that a database far away is asked once and not
  // for each. Never changes an answer.
  struct Ahead {
    std::vector<std::pair<std::uint32_t, RowId>> rows;
    std::vector<RowId> aggregates;
    std::vector<std::uint64_t> seen;  // sequences whose time is asked for
    RowId user{};                     // the author; kNoRow for the server itself
  };
  virtual Status read_ahead(const Ahead& ahead) = 0;

  // The living row of lowest id whose field, one of kLookUps, has this value. NotFound.
  virtual Result<RowId> find_row(const Entity& entity, const Field& field, const Value& value) = 0;
  // Rows of an entity with id > after, by id, and their sequences; and one written back as says
  // the same in fewer bytes, which keeps its sequence.
  struct PlacedRow {
    Row row;
    std::uint64_t seq = 0;
  };
  virtual Result<std::vector<PlacedRow>> rows_after(std::uint32_t entity, RowId after,
                                                    std::size_t count_max) = 0;
  virtual Status rewrite_row(const PlacedRow& row, const Row& before) = 0;
  // Over all rows with their sequences, memberships, moves and access: equal where two tables
  // hold the same state, whatever they are made of.
  virtual Result<Hash256> state_hash() = 0;
  virtual Result<std::vector<ConflictCell>> conflicts(std::size_t count_max) = 0;

  // ---- what outside sources have delivered

  virtual Result<std::vector<ImportKey>> import_keys(std::string_view source) = 0;
  virtual Status put_import_keys(std::string_view source, std::span<const ImportKey> keys) = 0;

  // The merge and the feed ask both for these.
  Result<sync::Standing> standing(RowId aggregate) override = 0;
  Result<std::vector<sync::AccessSpan>> access_of(RowId user) override = 0;
};

}  // namespace banyan
