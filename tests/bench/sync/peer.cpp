#include "tests/bench/sync/peer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "shared/base/json.h"
#include "shared/platform/native/file_page_store.h"
#include "tests/bench/sync/expected.h"
#include "tests/bench/sync/tablet.h"
#include "tests/bench/sync/workloads.h"
#include "tests/support/server_process.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kCreatedAtOnce = 1000;

void say(const Json& message) {
  std::printf("%s\n", dump_json(message).c_str());
  std::fflush(stdout);
}

void check(const std::string& what, bool good) {
  say({{"t", "check"}, {"name", what}, {"ok", good}});
  expect(good, what);
}

// A phase: `work` gives its cost, or is measured when it gives none.
class Phase {
 public:
  explicit Phase(std::string name) : name_(std::move(name)) {
    reset_peak();
    say({{"t", "start"}, {"name", name_}});
  }
  void done(const Cost& cost, Json more = Json::object()) {
    Json message = {{"t", "phase"},
                    {"name", name_},
                    {"ms", cost.wall_s * 1e3},
                    {"cpuMs", cost.cpu_s * 1e3},
                    {"rssPeakMiB", peak_mib()}};
    message.update(more);
    say(message);
  }

 private:
  std::string name_;
};

class Run {
 public:
  Run(const Setting& setting, std::uint32_t customers)
      : setting_(setting),
        lists_(make_lists(customers)),
        store_(must(FilePageStore::at(folder_.path().string()))),
        headquarters_((folder_.path() / "bank.db").string(), setting) {
    say({{"t", "info"},
         {"version",
          "log, chain, Ed25519 signatures; the server between the replicas is not "
          "in W3, W4 and W5_merge, and is told apart as serverMs"},
         {"persist", setting.encrypted ? "file (ChaCha20-Poly1305, synchronous=FULL)"
                                       : "file (plain, synchronous=NORMAL)"},
         {"runtime", "native"},
         {"rssLoadedMiB", resident_mib()}});
  }

  void one_way(std::size_t at_once) {
    const auto a = tablet("a.db");
    create(*a, lists_.customers, true);
    Phase edits(at_once == 1 ? "W2_tx1" : "W2_tx100");
    const Stopwatch watch;
    a->edit(lists_.w2, at_once, a->rows());
    edits.done(watch.taken(), size_of(*a));
    const Hash256 wanted = table_hash(after_edits(lists_.customers, lists_.w2));
    check("A after W2 equals the reference table", table_hash(read_table(a->database())) == wanted);
    if (at_once == 1) return;
    Phase ship("W3");
    const Carried shipped = a->sync();
    ship.done(shipped.ask, wire(shipped, lists_.customers.size() + lists_.w2.size(), "commits"));
    const auto b = tablet("b.db");
    Phase merge("W4");
    const Carried merged = b->sync();
    merge.done(merged.take, {{"serverMs", merged.serve.wall_s * 1e3}});
    check("B after W4 equals the reference table", table_hash(read_table(b->database())) == wanted);
    nothing_new(*b);
  }

  void both_ways() {
    const auto a = tablet("a.db"), b = tablet("b.db");
    create(*a, lists_.shared, false);
    a->sync();
    b->sync();
    edit("W5_editA", *a, lists_.a, a->rows());
    edit("W5_editB", *b, lists_.b, a->rows());
    Phase merge("W5_merge");
    Carried sum;
    for (Tablet* each : {a.get(), b.get(), a.get()}) sum += each->sync();
    merge.done(sum.ask + sum.take, wire(sum, lists_.a.size() + lists_.b.size(), "commits"));
    const std::vector<Customer> shown = read_table(a->database());
    check("A and B converge", table_hash(read_table(b->database())) == table_hash(shown));
    const Fidelity f = fidelity_of(lists_.shared, shown, lists_.a, lists_.b);
    say({{"t", "fidelity"},
         {"oneSide", f.one_side},
         {"lost", f.lost},
         {"both", f.both},
         {"foreign", f.foreign}});
  }

 private:
  std::unique_ptr<Tablet> tablet(const std::string& name) {
    return std::make_unique<Tablet>(headquarters_, *store_, name, setting_);
  }

  void create(Tablet& tablet, std::span<const Customer> customers, bool timed) {
    if (!timed) return tablet.create(customers, kCreatedAtOnce);
    Phase phase("W1");
    const Stopwatch watch;
    tablet.create(customers, kCreatedAtOnce);
    phase.done(watch.taken(), size_of(tablet));
  }

  void edit(const std::string& name, Tablet& tablet, std::span<const Edit> edits,
            std::span<const RowId> rows) {
    Phase phase(name);
    const Stopwatch watch;
    tablet.edit(edits, 100, rows);
    phase.done(watch.taken());
  }

  void nothing_new(Tablet& tablet) {
    Phase phase("W6");
    std::vector<double> ms;
    Cost cost;
    Carried carried;
    for (int i = 0; i < 6; ++i) {
      carried = tablet.sync();
      const Cost one = carried.ask + carried.serve + carried.take;
      ms.push_back(one.wall_s * 1e3);
      cost = one;
    }
    const double first = ms.front();
    ms.erase(ms.begin());
    cost.wall_s = percentile(ms, 0.5) / 1e3;
    phase.done(cost, {{"firstMs", first}, {"bytes", carried.up + carried.down}});
  }

  // The bundles are packed already, and signatures do not pack: gzip would add a little.
  static Json wire(const Carried& carried, std::size_t units, const char* name) {
    return {{"wireBytes", carried.up},
            {"wireGzip6", carried.up},
            {"wireMessages", carried.rounds},
            {"units", units},
            {"unitName", name},
            {"serverMs", carried.serve.wall_s * 1e3}};
  }
  static Json size_of(Tablet& tablet) {
    return {{"sizeBytes", static_cast<std::int64_t>(used_mib(tablet.database()) * (1 << 20))}};
  }

  const Setting& setting_;
  const Lists lists_;
  test::TemporaryFolder folder_;
  std::unique_ptr<FilePageStore> store_;
  Headquarters headquarters_;
};

}  // namespace

int run_as_peer(const std::string& scenario, double scale, const Setting& setting) {
  Run run(setting, static_cast<std::uint32_t>(std::lround(kCustomers * scale)));
  if (scenario == "tx1") run.one_way(1);
  if (scenario == "tx100") run.one_way(100);
  if (scenario == "w5") run.both_ways();
  say({{"t", "done"}, {"maxRssMiB", peak_mib()}});
  return 0;
}

}  // namespace banyan::bench
