// A run begins with a copy of the founded bank; a step is one event.
#include "tests/simulation/world.h"

#include <algorithm>

#include "shared/storage/sqlite_server_tables.h"
#include "tests/simulation/founding.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/shared_tables.h"

namespace banyan::sim {
namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;
constexpr int kStepsBetweenChecks = 20;

MacKey challenge_key() {
  SeededRandom random(5);
  return MacKey::generate(random);
}

// Mostly the next moment, sometimes the next month.
std::int64_t pause(Random& r) {
  const std::uint64_t x = r.below(1000);
  if (x < 850) return static_cast<std::int64_t>(r.below(2 * kSecond));
  if (x < 940) return kMinute;
  if (x < 980) return kHour;
  return x < 998 ? kDay : 20 * kDay;
}

}  // namespace

Weather::Weather(std::uint64_t seed)
    : clocks(seed % 3 != 0),
      restores(seed % 2 != 0),
      moves(seed % 5 != 0),
      tails(seed % 4 == 1),
      upgrades(seed % 4 >= 2),
      power(seed % 8 == 5),
      clones(seed % 9 < 3),
      carriers(seed % 5 >= 3),
      turns(seed % 7 < 3) {}

World::World(std::uint64_t seed, Mutant mutant)
    : seed_(seed),
      mutant_(mutant),
      weather_(seed),
      now_(kFirstDay),
      random_(seed),
      server_clock_(now_),
      organisation_(organisation_key()) {
  const Founding& bank = founding(seed / 8 % kCasts);
  staff_ = bank.staff;
  branches_ = bank.branches;
  fill(server_disk_, *bank.server);
  open_server();
  for (const Seat& seat : bank.seats) {
    auto device = std::make_unique<Device>(now_, seed * 31 + devices_.size() + 1);
    device->user = seat.user;
    device->role = seat.role;
    device->id = seat.id;
    device->joined = seat.joined;
    device->key = seat.key;
    device->box = seat.box;
    fill(device->disk, *seat.database);
    open_device(*device);
    devices_.push_back(std::move(device));
  }
  begin_again();
}

World::~World() {
  for (auto& device : devices_) close_device(*device);
  close_server();
}

void World::fail_with(const std::string& what) {
  if (failure_.empty()) failure_ = what;
}

std::unique_ptr<Database> World::empty_database(CrashingPageStore* store) {
  DatabaseOptions options;
  options.store = store;
  if (store != nullptr) options.name = "db";
  options.random = &random_;
  options.clock = &server_clock_;
  auto opened = Database::open(std::move(options));
  if (!opened.ok()) {
    fail_with("I14 a database does not open: " + opened.error().detail);
    return nullptr;
  }
  return std::move(opened).value();
}

// Lays a copy of `from` onto a disk, whatever that held.
void World::fill(Disk& disk, Database& from) {
  disk.db.reset();
  if (weather_.power) disk.store = std::make_unique<CrashingPageStore>();
  disk.db = empty_database(disk.store.get());
  if (failed()) return;
  need(from.backup_to(*disk.db, 1000, [] { return true; }), "a copy");
}

void World::close_server() {
  other_server_.reset();
  other_changes_.reset();
  other_store_.reset();
  server_.reset();
  changes_.reset();
  store_.reset();
  tables_.reset();
}

void World::open_server() {
  close_server();
  if (failed()) return;
  auto tables = SqliteServerTables::open(*server_disk_.db, server_bank());
  if (!tables.ok()) return fail_with("I14 the server does not open: " + tables.error().detail);
  tables_ = std::move(tables).value();
  open_process();
  if (failed() || !weather_.turns) return;
  store_.swap(other_store_);
  changes_.swap(other_changes_);
  server_.swap(other_server_);
  open_process();
}

void World::open_process() {
  auto opened = ServerStore::open(std::make_unique<SharedTables>(*tables_), server_bank(),
                                  kOrganisation, organisation_, server_clock_, random_);
  if (!opened.ok()) return fail_with("I14 the server does not open: " + opened.error().detail);
  store_ = std::move(opened).value();
  changes_ = std::make_unique<MutantChanges>(*store_, mutant_);
  server_ = std::make_unique<sync::Server>(*changes_, organisation_, challenge_key(), server_clock_,
                                           random_);
}

void World::close_device(Device& d) {
  d.client.reset();
  d.store.reset();
  d.replica.reset();
}

void World::open_device(Device& d) {
  close_device(d);
  if (failed()) return;
  auto opened = Replica::open(*d.disk.db, bank_of(d.bank), {d.id, d.user, kOrganisation, d.joined},
                              d.clock, d.random);
  if (!opened.ok()) return fail_with("I15 a device does not open: " + opened.error().detail);
  d.replica = std::move(opened).value();
  d.store = std::make_unique<MutantDevice>(*d.replica, mutant_);
  d.client = std::make_unique<sync::Client>(*d.store, *d.key, organisation_.verify_key(), d.clock,
                                            d.random);
}

Row World::load(Device& device, const RowKey& key) {
  return need(device.replica->load(*newest_bank().entity(key.first), key.second), "load");
}

void World::begin_again() {
  mirror_.clear();
  oracle_ = std::make_unique<Oracle>(*this);
  followed_ = 0;
  if (!failed()) follow();
}

// Every step draws from a generator of its own, so that leaving one out while
// shrinking changes none of the others.
void World::step(int number) {
  SeededRandom r(seed_ * 1'000'003 + static_cast<std::uint64_t>(number));
  random_ = SeededRandom(seed_ * 7'000'009 + static_cast<std::uint64_t>(number));
  now_ += pause(r);
  const std::uint64_t x = r.below(1000);
  if (x < 220) {
    write_locally(r);
  } else if (x < 405) {
    ask(r);
  } else if (x < 420) {
    carry(r);
  } else if (x < 812) {
    deliver(r);
  } else if (x < 820) {
    tidy(r);
  } else if (x < 880) {
    decide(r);
  } else if (x < 897) {
    move_clock(r);
  } else if (x < 909) {
    restart(any_device(r));
  } else if (x < 929) {
    if (r.below(4) != 0) {
      cut_power(any_device(r), r);
    } else {
      cut_servers_power(r);
    }
  } else if (x < 937) {
    back_up(r);
  } else if (x < 949) {
    restore();
  } else if (x < 961) {
    keep_snapshot(any_device(r));
  } else if (x < 971) {
    lose_tail(any_device(r));
  } else if (x < 976) {
    copy_device(r);
  } else if (x < 997) {
    upgrade(r);
  } else {
    retire(r);
  }
  if (!failed()) check_after_step();
  if (!failed() && number % kStepsBetweenChecks == kStepsBetweenChecks - 1) check_everything();
}

// A person looks at what waits for one, and lets it in.
void World::let_in_all() {
  for (const sync::ParkedBundle& parked : need(store_->parked(), "parked")) {
    const bool for_a_person = parked.reason == sync::ParkReason::BelowHorizon ||
                              parked.reason == sync::ParkReason::TooLate;
    if (!for_a_person || failed()) continue;
    sync::Server::Handled handled;
    need(server_->let_in(parked, handled), "let in");
    count("let in");
  }
  follow();
}

// After a restore work waits for whoever may bring the ground under it. A tablet that lost its
// tail and goes on under another number has left one that nobody comes back with.
void World::wait_for_nobody() {
  if (!need(store_->others_may_return(DeviceId{}, now_), "others")) return;
  now_ += sync::kReturnMsMax + 1;
  count("waited for nobody");
}

// Everybody comes back and has a good network, until nothing changes any more.
void World::quiesce() {
  net_.clear();
  bag_.clear();
  for (auto& device : devices_) {
    if (device->bank <= server_number_) continue;
    server_number_ = device->bank;
    open_server();
  }
  // Of a restored tablet that waits for a person each round may bring one commit.
  for (int round = 0; round < 400 && !failed(); ++round) {
    const std::uint64_t before = store_->head();
    for (std::size_t i = 0; i < devices_.size() && !failed(); ++i) exchange_cleanly(i);
    let_in_all();
    if (failed() || store_->head() != before) continue;
    if (quiet()) break;
    wait_for_nobody();
  }
  if (!failed()) oracle_->check();
  // The same again under the newest catalogue: what was kept unread is now known.
  if (failed() || !weather_.upgrades) return;
  for (auto& device : devices_) {
    if (!failed()) upgrade_device(*device, kNewestBank);
  }
  if (failed()) return;
  server_number_ = kNewestBank;
  open_server();
  for (std::size_t i = 0; i < devices_.size() && !failed(); ++i) exchange_cleanly(i);
  if (!failed()) oracle_->check();
}

}  // namespace banyan::sim
