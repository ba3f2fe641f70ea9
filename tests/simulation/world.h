// One simulated bank: a server, its people's devices, a bad network, disks that lose what was
// not synced, and a virtual clock. Everything that happens follows from a seed.
//
// world.cpp founds it and says what a step may be; people.cpp, network.cpp, headquarters.cpp and
// disks.cpp do it; checks.cpp looks after each step, oracle.h after twenty and at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/storage/replica.h"
#include "shared/storage/server_store.h"
#include "shared/sync/client.h"
#include "shared/sync/server.h"
#include "tests/simulation/mirror.h"
#include "tests/simulation/mutants.h"
#include "tests/support/crashing_page_store.h"

namespace banyan::sim {

class Oracle;

class SimClock final : public Clock {
 public:
  explicit SimClock(const std::int64_t& now) : now_(now) {}
  std::int64_t wall_ms() const override { return now_ + skew_ms; }
  std::int64_t monotonic_ms() const override { return now_; }
  std::int64_t skew_ms = 0;

 private:
  const std::int64_t& now_;  // the true time
};

// What may happen in a run; drawn from its seed. A run without wrong clocks and restores is
// held to more (no stamp is clamped), one without moves has rows that are edited more often.
struct Weather {
  explicit Weather(std::uint64_t seed);
  bool clocks;    // wrong and jumping clocks
  bool restores;  // the server goes back to a backup
  bool moves;     // customers move, people lose what they had and get it back
  bool tails;     // a device's disk loses its newest commits
  bool upgrades;  // catalogues of different numbers meet
  bool power;     // disks are written to, and their power fails
  bool clones;    // a tablet is copied, and both copies go on
  bool carriers;  // parcels are packed, carried about, handed in and answered
  bool turns;     // two processes of the server work over one database
};

// A database and, in a run where power fails, the disk that it lies on.
struct Disk {
  std::unique_ptr<CrashingPageStore> store;
  std::unique_ptr<Database> db;
};

// What the server's answer must make of the device, noted when it was made.
struct Promise {
  std::map<RowId, std::vector<Row>> rows;  // of each aggregate in the page, as visible
  struct Won {
    std::uint32_t entity;
    RowId row;
    std::uint32_t field;
    std::uint64_t seq;
  };
  std::vector<Won> won;  // own cells that ended Ok
};

struct Device {
  Device(const std::int64_t& now, std::uint64_t seed) : clock(now), random(seed) {}
  SimClock clock;
  SeededRandom random;
  std::shared_ptr<const SigningKey> key, next_key;  // the latter: for a number of its own
  std::shared_ptr<const BoxKey> box;
  RowId user{};
  std::int64_t role = 0;  // when the bank was founded
  DeviceId id{};
  Replica::Identity::Joined joined;
  std::uint32_t bank = kOldestBank;  // number of its catalogue
  Disk disk;
  std::unique_ptr<Database> snapshot;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<MutantDevice> store;
  std::unique_ptr<sync::Client> client;
  // Own commits up to here were where a page came from that it took; now, and at the snapshot.
  std::uint64_t told = 0, told_then = 0;
  bool must_sync = false;  // it lost its tail: it may not write before it has asked
  bool retired = false;
  bool acted = true;  // since it was last looked at
  struct Seen {
    std::uint32_t epoch = 0;
    std::uint64_t base = 0, pos = 0;
  } seen;  // its cursor, when it was last looked at
  bool waits_for_power() const { return disk.store && !disk.store->powered(); }
};

struct Message {
  std::size_t device = 0;
  bool to_server = true;
  Bytes bytes;
  std::shared_ptr<const Promise> promise;  // of a reply with a page
};

// In a carrier's bag: to headquarters, or an answer.
struct Parcel {
  std::size_t device = 0;
  DeviceId id{};  // the number under which it was packed
  bool to_server = true;
  Bytes bytes;
  std::shared_ptr<const Promise> promise;  // of an answer with a page
};

class World {
 public:
  World(std::uint64_t seed, Mutant mutant);
  ~World();

  void step(int number);
  void quiesce();
  void let_in_all();
  void wait_for_nobody();
  void check_everything();
  const std::string& failure() const { return failure_; }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  // Told of everything that is counted.
  std::function<void(const char*, std::uint64_t)> tell;

 private:
  friend class Oracle;

  // Setting up.
  void play(std::uint64_t seed);
  std::unique_ptr<Database> empty_database(CrashingPageStore* store);
  void fill(Disk& disk, Database& from);
  void open_server();
  void open_process();  // store_, changes_ and server_
  void close_server();
  void open_device(Device& device);
  void close_device(Device& device);
  void begin_again();  // the mirror and the oracle, from the log's first line

  // What can happen: people.
  void write_locally(Random& r);
  Status write_drafts(Device& device, Random& r);
  RowKey one_of(const std::vector<RowKey>& roots, Random& r);
  RowId home_scope(Device& device, const Role& role);
  Draft new_root(Device& device, const Role& role, Random& r);
  Draft draft_for(Device& device, const Role& role, const RowKey& root, Random& r);
  void add_write(Device& device, const Role& role, const RowKey& root, Draft& draft, Random& r);
  std::optional<RowWrite> change(Device& device, const Role& role, const Entity& entity, RowId row,
                                 Random& r);
  std::vector<RowKey> roots_on(Device& device);
  const Role* role_on(Device& device);
  Value value_for(const Field& field, Random& r);
  static Value text_for(const std::string& text, Random& r);

  // The network.
  void ask(Random& r);
  void deliver(Random& r);
  bool deliver(const Message& message, Random& r);
  Bytes request_of(std::size_t device);
  std::optional<Message> serve(const Message& request);
  std::optional<sync::Progress> take(const Message& reply);
  struct Standing {  // of a device, before it takes a reply
    std::uint64_t acked = 0;
    std::vector<RowKey> shown;  // rows with pending writes
  };
  Standing standing_of(Device& device);
  void took(const Message& reply, const sync::Reply& decoded, const sync::Progress& progress,
            const Standing& before);
  bool exchange_cleanly(std::size_t device);
  bool quiet() const;
  std::size_t index_of(const Device& device) const;

  // Carriers.
  void carry(Random& r);
  void pack(std::size_t device);
  void hand_in(const Parcel& parcel);
  void read_answer(const Parcel& parcel);

  // Headquarters.
  void take_turns();
  void decide(Random& r);
  Draft move_customer(const Row& customer, Random& r);
  Draft move_lead(const Row& lead, Random& r);
  Draft change_staff(Random& r);
  Draft import_root(Random& r);
  void retire(Random& r);
  void tidy(Random& r);
  void check_horizon();
  void upgrade(Random& r);
  void upgrade_device(Device& device, std::uint32_t bank);

  // Copies.
  void copy_device(Random& r);
  void ask_for_number(Device& device, bool answer_arrives);

  // Clocks and disks.
  void move_clock(Random& r);
  void back_up(Random& r);
  void restore();
  void restart(Device& device);
  void keep_snapshot(Device& device);
  void lose_tail(Device& device);
  void cut_power(Device& device, Random& r);
  void cut_servers_power(Random& r);
  void wake(Device& device);
  void wake_server();

  // Checks.
  void follow();
  std::shared_ptr<const Promise> promise_of(ByteView reply);
  void check_visible(const Page& page, RowId user);
  void note_won(const sync::Reply& reply, Promise& promise);
  bool stored(Device& device, const RowKey& key);
  std::int64_t count_rows(Device& device, std::optional<RowId> aggregate);
  struct Taken;  // a page that a device took
  void check_still_shown(Device& device, const Taken& taken, const RowKey& key);
  void check_own_waits(Device& d, std::uint64_t acked);
  void check_page_kept(Device& device, const Taken& taken);
  void check_pending_over(Device& device, const Taken& taken, const Row& expected);
  void note_written(std::size_t device, std::uint64_t after);
  void check_cursor(Device& device);
  bool same(const Row& have, const Row& want) const;
  void check_after_step();
  void check_in_step(Device& device);

  template <class T>
  const T& any(const std::vector<T>& from, Random& r) {
    return from[static_cast<std::size_t>(r.below(from.size()))];
  }
  Device& any_device(Random& r) { return *any(devices_, r); }
  const Catalogue& server_bank() const { return bank_of(server_number_); }
  Row load(Device& device, const RowKey& key);
  void count(const char* what, std::uint64_t n = 1) {
    counts_[what] += n;
    if (tell) tell(what, n);
  }
  void fail_with(const std::string& what);
  bool failed() const { return !failure_.empty(); }
  template <class T>
  T need(Result<T> result, const char* what) {
    if (!result.ok()) {
      fail_with(std::string(what) + ": " + result.error().detail);
      return T{};
    }
    return std::move(result).value();
  }
  bool need(const Status& status, const char* what) {
    if (!status.ok()) fail_with(std::string(what) + ": " + status.error().detail);
    return status.ok();
  }

  std::uint64_t seed_;
  Mutant mutant_;
  Weather weather_;
  std::int64_t now_;
  std::int64_t written_ = 0;  // makes values differ
  SeededRandom random_;
  SimClock server_clock_;
  const SigningKey& organisation_;
  std::uint32_t server_number_ = kOldestBank;
  Disk server_disk_;
  std::unique_ptr<ServerTables> tables_;
  // A process of the server; another one may wait for its turn.
  std::unique_ptr<ServerStore> store_, other_store_;
  std::unique_ptr<MutantChanges> changes_, other_changes_;
  std::unique_ptr<sync::Server> server_, other_server_;
  std::unique_ptr<Database> backup_;
  std::uint64_t backup_seq_ = 0;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Message> net_;
  std::vector<Parcel> bag_;
  std::vector<RowId> staff_, branches_;
  Mirror mirror_;
  std::unique_ptr<Oracle> oracle_;
  std::uint64_t followed_ = 0;    // the mirror and the oracle have read the log up to here
  std::uint64_t folded_to_ = 0;   // the furthest horizon that there has been
  std::uint64_t first_time_ = 0;  // and further than ever before from here on
  // Of what numbers a device is a copy, and up to which place in the log.
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> former_;
  std::set<std::uint32_t> copied_;      // numbers that more than one tablet has had
  std::map<Bytes, std::size_t> saved_;  // commits that a device said it had saved, and which
  std::map<std::string, std::uint64_t> counts_;
  std::string failure_;
};

struct World::Taken {
  const Page& page;
  const Promise& promise;
  std::uint64_t acked = 0;  // of the device's own commits; a fork's page acknowledges another's
};

std::string name_of(const RowKey& key);
std::string name_of(const RowKey& key, std::uint32_t field);
// What of a row differs, for a failure's message.
std::string difference(const Row& have, const Row& want);

}  // namespace banyan::sim
