// A server with its staff and a device for each, in memory, and the exchange
// between them: what tests of the engine begin with.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/crypto/init.h"
#include "shared/platform/random.h"
#include "shared/storage/replica.h"
#include "shared/storage/server_store.h"
#include "shared/sync/client.h"
#include "shared/sync/server.h"
#include "tests/support/bank.h"
#include "tests/support/fake_clock.h"

namespace banyan::test {

inline std::unique_ptr<Database> memory_database() {
  auto opened = Database::open({});
  BANYAN_CHECK(opened.ok());
  return std::move(opened).value();
}

inline std::unique_ptr<Database> copy_of(Database& from) {
  auto copy = memory_database();
  BANYAN_CHECK(from.backup_to(*copy, 1000, [] { return true; }).ok());
  return copy;
}

inline RowWrite row_write(std::uint32_t entity, Op op, RowId row,
                          std::vector<CellWrite> cells = {}) {
  return {entity, op, row, 1, std::move(cells)};
}

inline CellWrite cell(std::uint32_t field, Value value) { return {field, std::move(value), {}}; }

struct TestDevice {
  explicit TestDevice(std::uint64_t seed)
      : random(seed), boxes(seed + 1'000), key(SigningKey::generate(random)) {}
  SeededRandom random, boxes;
  SigningKey key;
  BoxKey box = BoxKey::generate(boxes);
  DeviceId id{};
  RowId user{};
  Replica::Identity::Joined joined;
  std::unique_ptr<Database> db = memory_database();
  std::unique_ptr<Replica> replica;
  std::unique_ptr<sync::Client> client;
};

// New tables over one and the same database, each time it is asked.
using OpenTables = std::function<Result<std::unique_ptr<ServerTables>>()>;

class SyncPair {
 public:
  static constexpr std::uint32_t kOrganisation = 9;

  // Over SQLite in memory, or over other tables.
  explicit SyncPair(OpenTables tables = nullptr)
      : open_tables_(std::move(tables)), random_(1), organisation_(SigningKey::generate(random_)) {
    BANYAN_CHECK(crypto_init().ok());
    open_server();
    branch = create(kBranch, {cell(kName, std::string("east"))});
    officer = create(kStaff, {cell(kRole, kOfficer), cell(kStaffBranchField, branch)});
    colleague = create(kStaff, {cell(kRole, kOfficer), cell(kStaffBranchField, branch)});
    analyst = create(kStaff, {cell(kRole, kHeadquarters), cell(kStaffBranchField, branch)});
    customer = create(kCustomer,
                      {cell(kName, std::string("Lin")), cell(kPhone, std::string("1")),
                       cell(kRisk, std::int64_t{7}), cell(kOwner, officer), cell(kHome, branch)});
  }

  void open_server() {
    server.reset();
    store.reset();
    store = another_store();
    SeededRandom fixed(3);
    server = std::make_unique<sync::Server>(*store, organisation_, MacKey::generate(fixed), clock,
                                            random_);
  }

  // As another process of the server has one.
  std::unique_ptr<ServerStore> another_store() {
    const auto open = [this]() -> Result<std::unique_ptr<ServerStore>> {
      if (!open_tables_) {
        return ServerStore::open(*server_db, bank(), kOrganisation, organisation_, clock, random_);
      }
      TRY_ASSIGN(std::unique_ptr<ServerTables> tables, open_tables_());
      return ServerStore::open(std::move(tables), bank(), kOrganisation, organisation_, clock,
                               random_);
    };
    auto opened = open();
    BANYAN_CHECK(opened.ok());
    return std::move(opened).value();
  }

  // Puts the server back to a copy of its database.
  void restore(Database& backup) {
    server.reset();
    store.reset();
    server_db = copy_of(backup);
    open_server();
    BANYAN_CHECK(store->begin_epoch_after_restore().ok());
  }

  // A root row that the server writes.
  RowId create(std::uint32_t entity, std::vector<CellWrite> cells) {
    const RowId id = store->mint(kServerDevice);
    decide(entity, Op::Insert, id, std::move(cells));
    return id;
  }
  void decide(std::uint32_t entity, Op op, RowId row, std::vector<CellWrite> cells) {
    decide_in(row, entity, op, row, std::move(cells));
  }
  void decide_in(RowId aggregate, std::uint32_t entity, Op op, RowId row,
                 std::vector<CellWrite> cells) {
    const Draft draft{aggregate, 0, {row_write(entity, op, row, std::move(cells))}};
    const auto done = store->author(kServerDevice, std::span(&draft, 1));
    BANYAN_CHECK(done.ok());
  }

  std::unique_ptr<TestDevice> enrol(RowId user) {
    auto device = std::make_unique<TestDevice>(100 + ++enrolled_);
    device->user = user;
    const auto id = store->enrol({user, device->key.verify_key(), device->box.public_key()});
    BANYAN_CHECK(id.ok());
    device->id = *id;
    device->joined = {store->epoch(), store->head()};
    reopen(*device);
    return device;
  }

  // As after a crash or a restart: whatever was only in memory is gone.
  void reopen(TestDevice& d) {
    d.client.reset();
    d.replica.reset();
    auto opened =
        Replica::open(*d.db, bank(), {d.id, d.user, kOrganisation, d.joined}, clock, d.random);
    BANYAN_CHECK(opened.ok());
    d.replica = std::move(opened).value();
    d.client = std::make_unique<sync::Client>(*d.replica, d.key, organisation_.verify_key(), clock,
                                              d.random);
    sync::Client::Limits limits;
    limits.adapt = false;
    d.client->set_limits(limits);
  }

  // One aggregate a page from now on, so that a round has many.
  void page_by_page(TestDevice& d) {
    sync::Client::Limits limits;
    limits.groups_max = 1;
    limits.adapt = false;
    d.client->set_limits(limits);
  }

  Result<Bytes> ask(TestDevice& d) { return d.client->make_request(); }
  Result<Bytes> serve(ByteView request) {
    TRY_ASSIGN(sync::Server::Handled handled, server->handle(request));
    return std::move(handled.reply);
  }
  Result<sync::Progress> exchange(TestDevice& d) {
    TRY_ASSIGN(const Bytes request, ask(d));
    TRY_ASSIGN(const Bytes reply, serve(request));
    return d.client->handle_reply(reply);
  }
  // Until the round is complete and nothing waits.
  Result<sync::Progress> sync(TestDevice& d) {
    for (int i = 0; i < 100; ++i) {
      TRY_ASSIGN(const sync::Progress progress, exchange(d));
      if (!progress.more) return progress;
    }
    return fail(ErrorCode::Unavailable, "never done");
  }

  // Without a network: all that the device has to say, as a file of parcels.
  Bytes pack(TestDevice& d) {
    const auto made = d.client->make_carried();
    BANYAN_CHECK(made.ok());
    const sync::ParcelLabel label{kOrganisation, sync::Heading::ToHeadquarters, d.id};
    Bytes file;
    for (const Bytes& request : made->requests) {
      const auto parcel = sync::seal_parcel(label, box.public_key(), request, d.random);
      BANYAN_CHECK(parcel.ok());
      file.insert(file.end(), parcel->begin(), parcel->end());
    }
    return file;
  }
  // What the server answers to each parcel of a file, one after another.
  Bytes carry(ByteView file) {
    Bytes answers;
    for (const ByteView parcel : sync::split_parcels(file).parcels) {
      const auto carried = server->handle_carried(parcel, box);
      BANYAN_CHECK(carried.ok() && !carried->refused);
      answers.insert(answers.end(), carried->answer.begin(), carried->answer.end());
    }
    return answers;
  }
  // The device reads every parcel of a file.
  std::vector<sync::Client::Delivered> unpack(TestDevice& d, ByteView file) {
    std::vector<sync::Client::Delivered> out;
    for (const ByteView parcel : sync::split_parcels(file).parcels) {
      const auto reply = sync::open_parcel(parcel, d.box);
      BANYAN_CHECK(reply.ok());
      const auto delivered = d.client->handle_carried(*reply);
      BANYAN_CHECK(delivered.ok());
      out.push_back(*delivered);
    }
    return out;
  }

  const VerifyKey& organisation_key() const { return organisation_.verify_key(); }

  FakeClock clock{1'800'000'000'000};
  std::unique_ptr<Database> server_db = memory_database();
  std::unique_ptr<ServerStore> store;
  std::unique_ptr<sync::Server> server;
  SeededRandom boxes{5};
  BoxKey box = BoxKey::generate(boxes);  // the server's
  RowId branch{}, officer{}, colleague{}, analyst{}, customer{};

 private:
  OpenTables open_tables_;
  SeededRandom random_;
  SigningKey organisation_;
  std::uint64_t enrolled_ = 0;
};

}  // namespace banyan::test
