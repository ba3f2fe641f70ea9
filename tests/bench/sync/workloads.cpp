#include "tests/bench/sync/workloads.h"

#include <algorithm>

#include "shared/platform/native/file_page_store.h"
#include "tests/bench/sync/expected.h"
#include "tests/bench/sync/floor.h"
#include "tests/bench/sync/tablet.h"
#include "tests/support/server_process.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kCreatedAtOnce = 1000, kEditedAtOnce = 100;
constexpr double kFields = static_cast<double>(kColumns) - 1;

// A fresh folder with the three machines in it.
struct Place {
  explicit Place(const Setting& setting)
      : store(must(FilePageStore::at(folder.path().string()))),
        headquarters((folder.path() / "bank.db").string(), setting) {}
  test::TemporaryFolder folder;
  std::unique_ptr<FilePageStore> store;
  Headquarters headquarters;
};

double size_of(std::size_t count) { return static_cast<double>(count); }

std::size_t bytes_of(std::span<const Bytes> messages) {
  std::size_t sum = 0;
  for (const Bytes& message : messages) sum += message.size();
  return sum;
}

void expect_table(Database& db, const Hash256& wanted, const std::string& whose) {
  expect(table_hash(read_table(db)) == wanted, whose);
}

class OneWay {
 public:
  OneWay(Report& report, const Options& options, const Setting& setting, const Lists& lists)
      : report_(report),
        options_(options),
        setting_(setting),
        lists_(lists),
        place_(setting),
        floor_(*place_.store, "floor.db", setting),
        tablet_(place_.headquarters, *place_.store, "a.db", setting),
        wanted_(table_hash(after_edits(lists.customers, lists.w2))) {}

  void run() {
    create();
    if (options_.only == "W1") return;
    edit();
    if (options_.only == "W2") return;
    ship();
    merge();
    nothing_new();
    prune();
  }

 private:
  void compare(const std::string& part, const std::string& what, double units,
               const std::string& unit, const Cost& floor, const Cost& ours) {
    if (options_.wants(part)) {
      report_.compare(setting_.name, part + " " + what, units, unit, floor, ours);
    }
  }
  void time(const std::string& part, const std::string& what, double units, const std::string& unit,
            const Cost& ours) {
    if (options_.wants(part)) {
      report_.time(setting_.name, part + " " + what, units, unit, ours);
    }
  }
  void figure(const std::string& part, const std::string& what, double value,
              const std::string& unit) {
    if (options_.wants(part)) report_.figure(setting_.name, part + " " + what, value, unit);
  }

  void create() {
    const Stopwatch floor_watch;
    floor_.create(lists_.customers, kCreatedAtOnce);
    const Cost floor = floor_watch.taken();
    const Stopwatch watch;
    tablet_.create(lists_.customers, kCreatedAtOnce);
    const Cost ours = watch.taken();
    compare("W1", "create, 1000 a transaction", size_of(lists_.customers.size()), "rows", floor,
            ours);
    const Hash256 created = table_hash(lists_.customers);
    expect_table(floor_.database(), created, "the floor after W1");
    expect_table(tablet_.database(), created, "the tablet after W1");
  }

  // A fifth of the edits one by one, the others by the hundred.
  void edit() {
    const std::span<const Edit> all = lists_.w2;
    const auto single = all.first(all.size() / 5), many = all.subspan(all.size() / 5);
    edit("edit, 1 a transaction", single, 1);
    edit("edit, 100 a transaction", many, kEditedAtOnce);
    expect_table(floor_.database(), wanted_, "the floor after W2");
    expect_table(tablet_.database(), wanted_, "the tablet after W2");
    floor_mib_ = used_mib(floor_.database());
    figure("W2", "state of the floor", floor_mib_, "MiB");
    const double unpruned = used_mib(tablet_.database());
    figure("W2", "state of Banyan, everything still waiting", unpruned, "MiB");
  }
  void edit(const std::string& what, std::span<const Edit> edits, std::size_t at_once) {
    const Stopwatch floor_watch;
    floor_.edit(edits, at_once);
    const Cost floor = floor_watch.taken();
    const Stopwatch watch;
    tablet_.edit(edits, at_once, tablet_.rows());
    compare("W2", what, size_of(edits.size()), "edits", floor, watch.taken());
  }

  double changes() const {
    return size_of(lists_.customers.size()) * kFields + size_of(lists_.w2.size());
  }

  void ship() {
    const Stopwatch watch;
    messages_ = floor_.extract();
    const Cost floor = watch.taken();
    const Carried carried = tablet_.sync();
    compare("W3", "take out, sign and pack", changes(), "changes", floor, carried.ask);
    figure("W3", "bytes a change, the floor's rows without history",
           size_of(bytes_of(messages_)) / changes(), "B");
    figure("W3", "bytes a change, signed bundles in requests", size_of(carried.up) / changes(),
           "B");
    time("W3", "the server takes it in and answers", changes(), "changes", carried.serve);
    time("W3", "the tablet takes the answers", changes(), "changes", carried.take);
    expect(tablet_.replica().pending_count() == 0, "everything is acknowledged");
    expect_table(place_.headquarters.store().database(), wanted_, "the server after W3");
    expect_table(tablet_.database(), wanted_, "the tablet after W3");
  }

  void merge() {
    Floor other(*place_.store, "floor2.db", setting_);
    const Stopwatch watch;
    other.apply(messages_);
    const Cost floor = watch.taken();
    other_ = std::make_unique<Tablet>(place_.headquarters, *place_.store, "b.db", setting_);
    const Carried carried = other_->sync();
    compare("W4", "check, decode and merge into an empty replica", changes(), "changes", floor,
            carried.take);
    time("W4", "the server makes the pages", changes(), "changes", carried.serve);
    figure("W4", "pages, as many as the tablet's pace asks for", size_of(carried.rounds), "");
    figure("W4", "bytes a change, signed pages in replies", size_of(carried.down) / changes(), "B");
    expect_table(other.database(), wanted_, "the floor after W4");
    expect_table(other_->database(), wanted_, "the other tablet after W4");
  }

  void nothing_new() {
    std::vector<double> floor, ours;
    Carried carried;
    for (int i = 0; i < 6; ++i) {
      const Stopwatch floor_watch;
      expect(static_cast<std::size_t>(floor_.newest()) == lists_.customers.size(),
             "the floor's newest");
      floor.push_back(floor_watch.taken().wall_s);
      const Stopwatch watch;
      carried = other_->sync();
      ours.push_back(watch.taken().wall_s);
    }
    figure("W6", "first round, both ends", ours.front() * 1e3, "ms");
    figure("W6", "later round, both ends, median of 5",
           percentile(ours = {ours.begin() + 1, ours.end()}, 0.5) * 1e3, "ms");
    figure("W6", "the floor's question, median of 5",
           percentile(floor = {floor.begin() + 1, floor.end()}, 0.5) * 1e3, "ms");
    expect(carried.rounds == 1, "W6 is one round");
    figure("W6", "bytes sent", size_of(carried.up), "B");
    figure("W6", "bytes received", size_of(carried.down), "B");
  }

  // A verified backup of the server holds everything: the tablet forgets its log.
  void prune() {
    ServerStore& store = place_.headquarters.store();
    must(store.set_stable(store.head()));
    tablet_.sync();
    const double pruned = used_mib(tablet_.database());
    figure("W2", "state of Banyan, acknowledged and pruned", pruned, "MiB");
    figure("W2", "the same, times the floor's", pruned / floor_mib_, "");
    expect_table(tablet_.database(), wanted_, "the tablet after pruning");
    const auto checked = must(store.verify_log());
    expect(checked.commits == store.head(), "the server's log verifies");
  }

  Report& report_;
  const Options& options_;
  const Setting& setting_;
  const Lists& lists_;
  Place place_;
  Floor floor_;
  Tablet tablet_;
  std::unique_ptr<Tablet> other_;
  Hash256 wanted_;
  std::vector<Bytes> messages_;
  double floor_mib_ = 0;
};

Cost floor_exchange(Floor& a, Floor& b, const Lists& lists) {
  const Stopwatch watch;
  const std::vector<Bytes> from_a = Floor::list_of(lists.a), from_b = Floor::list_of(lists.b);
  b.replay(lists.b, from_a, true);
  a.replay(lists.a, from_b, false);
  return watch.taken();
}

void expect_merged(const Lists& lists, const std::vector<Customer>& shown, const char* whose) {
  const Fidelity f = fidelity_of(lists.shared, shown, lists.a, lists.b);
  expect(f.lost == 0, std::string("no edit is lost by ") + whose);
  expect(f.foreign == 0, std::string("no foreign value in ") + whose);
}

}  // namespace

Lists make_lists(std::uint32_t customers) {
  Lists out;
  out.customers = make_customers(customers);
  out.w2 = make_edits(kSeedW2, out.customers, 2 * customers);
  const std::uint32_t shared = std::max<std::uint32_t>(customers / 5, 1);
  out.shared = {out.customers.begin(), out.customers.begin() + shared};
  out.a = make_edits(kSeedW5a, out.shared, 2 * shared);
  out.b = make_edits(kSeedW5b, out.shared, 2 * shared);
  return out;
}

void run_one_way(Report& report, const Options& options, const Setting& setting,
                 const Lists& lists) {
  OneWay(report, options, setting, lists).run();
}

void run_both_ways(Report& report, const Options& options, const Setting& setting,
                   const Lists& lists) {
  if (!options.wants("W5")) return;
  const double edits = size_of(lists.a.size() + lists.b.size());
  Place place(setting);
  Floor floor_a(*place.store, "floor.db", setting), floor_b(*place.store, "floor2.db", setting);
  for (Floor* floor : {&floor_a, &floor_b}) floor->create(lists.shared, kCreatedAtOnce);
  floor_a.edit(lists.a, kEditedAtOnce);
  floor_b.edit(lists.b, kEditedAtOnce);
  const Cost floor = floor_exchange(floor_a, floor_b, lists);
  const Hash256 merged = table_hash(read_table(floor_a.database()));
  expect_table(floor_b.database(), merged, "both floors are equal");
  expect_merged(lists, read_table(floor_a.database()), "the floor");

  Tablet a(place.headquarters, *place.store, "a.db", setting);
  Tablet b(place.headquarters, *place.store, "b.db", setting);
  a.create(lists.shared, kCreatedAtOnce);
  a.sync();
  b.sync();
  expect_table(b.database(), table_hash(lists.shared), "both tablets begin W5 equal");
  a.edit(lists.a, kEditedAtOnce, a.rows());
  b.edit(lists.b, kEditedAtOnce, a.rows());

  Carried sum;
  for (Tablet* tablet : {&a, &b, &a}) sum += tablet->sync();
  const std::vector<Customer> shown = read_table(a.database());
  expect_table(b.database(), table_hash(shown), "both tablets are equal after W5");
  expect_table(place.headquarters.store().database(), table_hash(shown), "and the server");
  expect_merged(lists, shown, "Banyan");
  const Fidelity f = fidelity_of(lists.shared, shown, lists.a, lists.b);
  const auto conflicts = must(a.replica().conflicts(lists.shared.size())).size();
  expect(conflicts == f.guarded, "every guarded cell with two values is shown as a conflict");

  report.compare(setting.name, "W5 exchange and merge, both tablets", edits, "edits", floor,
                 sum.ask + sum.take);
  report.compare(setting.name, "W5 the same with the server between them", edits, "edits", floor,
                 sum.ask + sum.take + sum.serve);
  report.figure(setting.name, "W5 bytes an edit, up", size_of(sum.up) / edits, "B");
  report.figure(setting.name, "W5 bytes an edit, down (also the own ones, as merged)",
                size_of(sum.down) / edits, "B");
  report.figure(setting.name, "W5 edits lost", size_of(f.lost), "");
  report.figure(setting.name, "W5 conflicts shown to a person", size_of(conflicts), "");
}

}  // namespace banyan::bench
