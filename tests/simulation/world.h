// One simulated bank: a server, a few devices, a bad network, a virtual clock.
// Everything that happens follows from a seed.
#pragma once

#include <cstdint>
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
#include "tests/simulation/mutants.h"
#include "tests/support/bank.h"

namespace banyan::sim {

using namespace banyan::test;  // the bank

class SimClock final : public Clock {
 public:
  explicit SimClock(const std::int64_t& now) : now_(now) {}
  std::int64_t wall_ms() const override { return now_ + skew_ms; }
  std::int64_t monotonic_ms() const override { return now_; }
  std::int64_t skew_ms = 0;

 private:
  const std::int64_t& now_;  // the true time
};

// What may happen in a run; drawn from its seed.
struct Weather {
  bool clocks = true;    // wrong and jumping clocks
  bool restores = true;  // the server goes back to a backup
  bool moves = true;     // customers and staff move
  bool tails = true;     // a device's disk loses its newest commits
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
  Device(const std::int64_t& now, std::uint64_t seed)
      : clock(now), random(seed), key(SigningKey::generate(random)) {}
  SimClock clock;
  SeededRandom random;
  SigningKey key;
  RowId user{};
  std::int64_t role = 0;
  DeviceId id{};
  Replica::Identity::Joined joined;
  std::unique_ptr<Database> db, snapshot;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<MutantDevice> store;
  std::unique_ptr<sync::Client> client;
  // Own commits up to here were where a page came from that it took; now, and at the snapshot.
  std::uint64_t told = 0, told_then = 0;
  bool must_sync = false;  // it lost its tail: it may not write before it has asked
};

struct Message {
  std::size_t device = 0;
  bool to_server = true;
  Bytes bytes;
};

class World {
 public:
  World(std::uint64_t seed, Mutant mutant);
  ~World();

  void step(int number);
  void quiesce();
  const std::string& failure() const { return failure_; }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  friend class Oracle;

  // Setting up.
  void found();
  Database* memory_database(std::unique_ptr<Database>& at);
  void open_server();
  void open_device(Device& device);
  void enrol(RowId user, std::int64_t role);

  // What can happen.
  void write_locally(Random& r);
  void exchange(Random& r);
  void deliver(Random& r);
  void decide(Random& r);
  void move_clock(Random& r);
  void back_up(Random& r);
  void restore();
  void restart(Device& device);
  void keep_snapshot(Device& device);
  void lose_tail(Device& device);

  Draft draft_for(Device& device, RowId customer, Random& r);
  void add_writes(Device& device, RowId customer, Random& r, Draft& draft);
  Draft new_customer(Device& device, Random& r);
  std::vector<RowId> customers_on(Device& device);
  RowId any(const std::vector<RowId>& from, Random& r) {
    return from[static_cast<std::size_t>(r.below(from.size()))];
  }

  Bytes ask(std::size_t device);
  Bytes serve(ByteView request);
  std::optional<sync::Progress> take(std::size_t device, ByteView reply);
  bool exchange_cleanly(std::size_t device);

  // Checks; see checks.cpp and oracle.cpp.
  void note_promise(ByteView reply);
  void check_still_shown(Device& device, const Page& page, const Promise& promise,
                         std::uint32_t entity, RowId row);
  void check_own_waits(Device& d, std::uint64_t acked);
  void check_page_kept(Device& device, const Page& page, const Promise& promise);
  void check_pending_over(Device& device, const Page& page, const Row& expected);
  void check_after_step();

  void count(const char* what, std::uint64_t n = 1) { counts_[what] += n; }
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
  std::int64_t now_ = 1'800'000'000'000;
  std::int64_t written_ = 0;  // makes values differ
  SeededRandom random_;
  SimClock server_clock_;
  SigningKey organisation_;
  std::unique_ptr<Database> server_db_;
  std::unique_ptr<ServerStore> store_;
  std::unique_ptr<MutantChanges> changes_;
  std::unique_ptr<sync::Server> server_;
  std::unique_ptr<Database> backup_;
  std::uint64_t backup_seq_ = 0;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Message> net_;
  std::vector<RowId> staff_, branches_;
  std::map<Bytes, Promise> promises_;                                        // by reply
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::int64_t> arrived_;  // (dev,dseq) -> time
  std::map<std::size_t, std::pair<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>>>
      cursors_;  // epoch, base, pos as last seen
  std::map<std::string, std::uint64_t> counts_;
  std::string failure_;
};

}  // namespace banyan::sim
