// Headquarters' promise when machines fail: what a tablet was told has arrived is there.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include "sync-server/postgres/connection.h"
#include "tests/failover/cluster.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// A tablet whose person writes and sends without a pause, in a thread of its own.
class Busy {
 public:
  explicit Busy(std::unique_ptr<HttpDevice> device)
      : device_(std::move(device)), thread_([this] { work(); }) {}
  ~Busy() { stop(); }

  // It writes and sends nothing more; what is under way ends.
  void hold() {
    held_ = true;
    while (!idle_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  void go_on() {
    idle_ = false;
    held_ = false;
  }
  void stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
  }

  HttpDevice& device() { return *device_; }
  // When it was last told that something new has arrived.
  Steady::time_point last_heard() const { return last_heard_; }
  std::uint64_t acked() const { return acked_; }
  const Hash256& acked_hash() const { return acked_hash_; }
  const std::vector<RowId>& written() const { return written_; }

 private:
  void work() {
    while (!stopped_) {
      if (held_) {
        idle_ = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      written_.push_back(write_customer(*device_, "customer " + std::to_string(written_.size())));
      const auto before = device_->replica().state();
      hashes_[before->last] = before->last_hash;
      const auto sent = device_->sync();
      const auto after = device_->replica().state();
      if (after->acked > acked_) {
        acked_ = after->acked;
        acked_hash_ = hashes_.at(acked_);
        hashes_.erase(hashes_.begin(), hashes_.upper_bound(acked_));
        last_heard_ = Steady::now();
      }
      if (!sent.ok()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  std::unique_ptr<HttpDevice> device_;
  std::vector<RowId> written_;
  std::map<std::uint64_t, Hash256> hashes_;  // of own commits that nobody has confirmed
  std::uint64_t acked_ = 0;
  Hash256 acked_hash_;
  std::atomic<Steady::time_point> last_heard_{Steady::now()};
  std::atomic<bool> held_ = false, idle_ = false, stopped_ = false;
  std::thread thread_;  // last: it uses everything above
};

Cluster* a_cluster() {
  const std::string missing = Cluster::missing();
  if (!missing.empty()) {
    std::printf("skipped: no %s on this machine; third_party/install failover brings it\n",
                missing.c_str());
    return nullptr;
  }
  static Cluster cluster;
  REQUIRE_MESSAGE(cluster.ready(), cluster.why() << '\n' << cluster.output());
  return &cluster;
}

// One bank for all tests: the cluster has one database.
const DemoBank& a_bank(Cluster& cluster) {
  static const DemoBank bank(cluster.direct());
  static const bool served = (cluster.serve(bank), true);
  REQUIRE(served);
  return bank;
}

int rounds() {
  const char* given = std::getenv("BANYAN_FAILOVER_ROUNDS");
  return given != nullptr ? std::max(1, std::atoi(given)) : 6;
}

// What this database holds of each tablet must be at least what the tablet was told.
void check_holds(const std::string& url, std::vector<std::unique_ptr<Busy>>& tablets) {
  auto connection = postgres::Connection::open(url);
  // It says that it is primary a moment before it takes writes.
  for (int i = 0; i < 200 && !connection; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    connection = postgres::Connection::open(url);
  }
  REQUIRE_MESSAGE(connection.ok(), (connection.ok() ? "" : connection.error().detail));
  for (const auto& tablet : tablets) {
    const auto device = std::int64_t{number(tablet->device().device())};
    const auto answer =
        (*connection)
            ->query(
                "SELECT head,h,(SELECT count(*) FROM log WHERE dev=$1 AND dseq<=$2) FROM dev WHERE "
                "dev=$1",
                postgres::arguments(device, static_cast<std::int64_t>(tablet->acked())));
    REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().detail));
    CHECK(answer->natural(0, 0) >= tablet->acked());
    CHECK(answer->natural(0, 2) == tablet->acked());
    if (answer->natural(0, 0) == tablet->acked()) {
      CHECK(*Hash256::from(answer->bytes(0, 1)) == tablet->acked_hash());
    }
  }
}

std::int64_t epoch_of(const Cluster& cluster) {
  const auto connection = postgres::Connection::open(cluster.direct());
  REQUIRE(connection.ok());
  const auto answer = (*connection)->query("SELECT epoch FROM seqr");
  REQUIRE(answer.ok());
  return answer->integer(0, 0);
}

bool takes_writes(const std::string& url) {
  const auto connection = postgres::Connection::open(url);
  if (!connection) return false;
  const bool done = (*connection)->script("UPDATE seqr SET stable=stable").ok();
  return done && !(*connection)->warned();
}

// Started again after its death, the old primary never takes a write: not while it comes up, and
// not as the replica that it then is.
void check_stays_deposed(Cluster& cluster, std::size_t old) {
  cluster.start(old);
  int tries = 0;
  do {
    CHECK_FALSE(takes_writes(cluster.url_of(old)));
    ++tries;
  } while (!cluster.whole(1) && tries < 120);
  REQUIRE_MESSAGE(cluster.whole(5), cluster.output());
  const std::size_t primary = *cluster.primary();
  CHECK(primary != old);
  CHECK_FALSE(takes_writes(cluster.url_of(old)));
  CHECK(takes_writes(cluster.url_of(primary)));  // the question is one that can be answered so
}

// What the server itself answers to all that the tablet has to say; nothing when there is none.
std::optional<HttpAnswer> answer_to(HttpDevice& tablet, std::uint16_t port) {
  const auto request = tablet.client().make_request();
  REQUIRE(request.ok());
  // The first server waits 75 s for its COMMIT, and those that the balancer then tries wait 15 s
  // each for the lock.
  RawHttp http(port, 180'000);
  const std::string head = "POST /v0/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                           std::to_string(request->size()) + "\r\n\r\n";
  REQUIRE(http.send(head + std::string(as_text(*request))));
  return http.read();
}

enum class Mishap { Death, Hang, Partition };
constexpr const char* kMishaps[] = {"it dies", "it hangs", "it is cut off"};

}  // namespace

TEST_CASE(
    "the primary dies, hangs, or is cut off under load: nothing acknowledged is lost, and "
    "the servers go on by themselves [I2] [R165] [R182] [T56]") {
  Cluster* cluster = a_cluster();
  if (cluster == nullptr) return;
  const DemoBank& bank = a_bank(*cluster);
  std::vector<std::unique_ptr<Busy>> tablets;
  for (int i = 0; i < 12; ++i) {
    tablets.push_back(std::make_unique<Busy>(bank.device("officer", cluster->port())));
  }
  const std::int64_t epoch = epoch_of(*cluster);
  const auto acked = [&] {
    std::uint64_t sum = 0;
    for (const auto& tablet : tablets) sum += tablet->acked();
    return sum;
  };

  for (int round = 0; round < rounds(); ++round) {
    const auto mishap = static_cast<Mishap>(round % 3);
    CAPTURE(round);
    REQUIRE_MESSAGE(cluster->whole(90), cluster->output());
    std::this_thread::sleep_for(std::chrono::seconds(3));
    const std::size_t old = *cluster->primary();
    const auto start = Steady::now();
    switch (mishap) {
      case Mishap::Death: cluster->kill(old); break;
      case Mishap::Hang: cluster->hang(old); break;
      case Mishap::Partition: cluster->cut_off(old); break;
    }
    // The probe goes on; the others wait, or they would send again what was lost.
    for (std::size_t i = 1; i < tablets.size(); ++i) tablets[i]->hold();
    const auto next = cluster->other_than(old, 90);
    REQUIRE_MESSAGE(next.has_value(), cluster->output());
    const double promoted = seconds_since(start);
    tablets[0]->hold();
    check_holds(cluster->url_of(*next), tablets);
    for (const auto& tablet : tablets) tablet->go_on();
    const auto released = Steady::now();
    while (std::any_of(tablets.begin(), tablets.end(),
                       [&](const auto& t) { return t->last_heard() < released; })) {
      REQUIRE_MESSAGE(seconds_since(released) < 120, cluster->output());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const double again = seconds_since(start);

    // Nobody can write to the old one, even past balancer and partition.
    if (mishap == Mishap::Hang) cluster->wake(old);
    if (mishap != Mishap::Death) CHECK_FALSE(takes_writes(cluster->url_of(old)));
    if (mishap == Mishap::Partition) cluster->join(old);
    if (mishap == Mishap::Death) check_stays_deposed(*cluster, old);
    std::printf(
        "%s: another is primary after %.1f s, all tablets write again after %.1f s; %llu "
        "commits acknowledged so far, 0 lost\n",
        kMishaps[round % 3], promoted, again, static_cast<unsigned long long>(acked()));
    std::fflush(stdout);
  }

  for (const auto& tablet : tablets) tablet->stop();
  const auto analyst = bank.device("hq", cluster->port());
  REQUIRE(analyst->sync().ok());
  for (const auto& tablet : tablets) {
    REQUIRE(tablet->device().sync().ok());
    CHECK(tablet->device().replica().pending_count() == 0);
  }
  REQUIRE(analyst->sync().ok());
  std::size_t missing = 0;
  for (const auto& tablet : tablets) {
    for (const RowId row : tablet->written()) missing += has_customer(*analyst, row) ? 0 : 1;
  }
  CHECK(missing == 0);
  const auto connection = postgres::Connection::open(cluster->direct());
  REQUIRE(connection.ok());
  const auto whole = (*connection)->query("SELECT seq,(SELECT count(*) FROM log),epoch FROM seqr");
  REQUIRE(whole.ok());
  CHECK(whole->integer(0, 0) == whole->integer(0, 1));  // no gap
  CHECK(whole->integer(0, 2) == epoch);                 // nobody had to begin a new life
  const Finished verified =
      run_program(server_program(),
                  {"verify-log", "--data", bank.data().string(), "--store", cluster->direct()});
  CHECK_MESSAGE(verified.code == 0, verified.err);
}

TEST_CASE("without any standby pushes get 503, and tablets keep their work [T57]") {
  Cluster* cluster = a_cluster();
  if (cluster == nullptr) return;
  const DemoBank& bank = a_bank(*cluster);
  REQUIRE_MESSAGE(cluster->whole(90), cluster->output());
  const auto tablet = bank.device("officer", cluster->port());
  REQUIRE(tablet->sync().ok());
  const std::size_t primary = *cluster->primary();
  for (std::size_t i = 0; i < Cluster::kNodes; ++i) {
    if (i != primary) cluster->kill(i);
  }
  const RowId row = write_customer(*tablet, "alone");
  const auto start = Steady::now();
  int refused = 0;
  while (seconds_since(start) < 80) {  // longer than any statement may take
    const auto answer = answer_to(*tablet, cluster->port());
    REQUIRE(answer.has_value());
    CHECK(answer->status == 503);
    CHECK_FALSE(answer->field("retry-after").empty());  // the server's own, not the balancer's
    CHECK(tablet->replica().pending_count() == 1);
    ++refused;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  CHECK(refused > 0);
  const auto state = tablet->replica().state();
  CHECK(state->acked < state->last);
  for (std::size_t i = 0; i < Cluster::kNodes; ++i) {
    if (i != primary) cluster->start(i);
  }
  REQUIRE_MESSAGE(cluster->whole(120), cluster->output());
  for (int i = 0; i < 60 && tablet->replica().pending_count() > 0; ++i) {
    static_cast<void>(tablet->sync().ok());
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  CHECK(tablet->replica().pending_count() == 0);
  const auto analyst = bank.device("hq", cluster->port());
  REQUIRE(analyst->sync().ok());
  CHECK(has_customer(*analyst, row));
}

}  // namespace banyan::test
