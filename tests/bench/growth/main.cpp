// bench-growth: see --help.
#include <array>

#include "shared/crypto/init.h"
#include "shared/platform/native/file_page_store.h"
#include "tests/bench/sync/tablet.h"
#include "tests/support/server_process.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-growth [--customers N] [--json FILE]\n\n"
    "One tablet and one server, their files encrypted and plain as in the product, with N/100,\n"
    "N/10 and N customers (1,000,000): the processor time of one operation at each size. Between\n"
    "the sizes log n grows by a fifth to a quarter. Files lie in TMPDIR.\n";

constexpr std::size_t kOperations = 2'000;
constexpr std::size_t kCreatedAtOnce = 1'000;
constexpr std::size_t kSyncs = 50;

class Growth {
 public:
  explicit Growth(Report& report)
      : report_(report),
        store_(must(FilePageStore::at(folder_.path().string()))),
        headquarters_((folder_.path() / "bank.db").string(), setting_),
        tablet_(headquarters_, *store_, "a.db", setting_) {}

  void measure(std::span<const Customer> all, std::size_t count) {
    const std::size_t there = tablet_.rows().size();
    tablet_.create(all.subspan(there, count - there), kCreatedAtOnce);
    tablet_.sync();
    prune();
    section_ = std::to_string(count) + " customers, CPU of one operation";
    loads();
    edits(all.first(count));
    creates(all.first(count));
    syncs(all.first(count));
    report_.figure(section_, "the tablet's file", used_mib(tablet_.database()), "MiB");
  }

 private:
  void tell(const std::string& what, const Cost& cost, std::size_t operations) {
    report_.figure(section_, what, cost.cpu_s * 1e6 / static_cast<double>(operations), "us");
  }

  void prune() {
    ServerStore& store = headquarters_.store();
    must(store.set_stable(store.head()));
    tablet_.sync();
  }

  void loads() {
    const Entity& customer = *bench_catalogue().entity("customer");
    const Stopwatch watch;
    for (std::size_t i = 0; i < kOperations; ++i) {
      expect(must(tablet_.replica().load(customer, somebody())).alive(), "a customer is there");
    }
    tell("a customer is looked up", watch.taken(), kOperations);
  }

  void edits(std::span<const Customer> customers) {
    const auto edits = make_edits(draw_.next(), {customers.begin(), customers.end()}, kOperations);
    const Stopwatch watch;
    tablet_.edit(edits, 1, tablet_.rows());
    tell("a field is written, a transaction each", watch.taken(), kOperations);
    const Carried carried = tablet_.sync();
    tell("the server takes an edit in, of bundles of 200", carried.serve, kOperations);
    tell("the tablet takes the server's answer to an edit", carried.take, kOperations);
  }

  // Copies of the first ones; they count as customers of the next size.
  void creates(std::span<const Customer> customers) {
    const std::size_t before = tablet_.rows().size();
    const Stopwatch watch;
    tablet_.create(customers.first(kOperations), 1);
    tell("a customer is created, a transaction each", watch.taken(), kOperations);
    expect(tablet_.rows().size() == before + kOperations, "customers are created");
    tablet_.sync();
  }

  void syncs(std::span<const Customer> customers) {
    Cost own, served;
    for (std::size_t i = 0; i < kSyncs; ++i) {
      const auto edit = make_edits(draw_.next(), {customers.begin(), customers.begin() + 1000}, 1);
      tablet_.edit(edit, 1, tablet_.rows());
      const Carried carried = tablet_.sync();
      own += carried.ask + carried.take;
      served += carried.serve;
    }
    tell("a sync of one edit, the tablet's part", own, kSyncs);
    tell("a sync of one edit, the server's part", served, kSyncs);
  }

  RowId somebody() {
    return tablet_.rows()[draw_.below(static_cast<std::uint32_t>(tablet_.rows().size()))];
  }

  Report& report_;
  const Setting setting_{"", true, DatabaseOptions::Sync::Full};
  test::TemporaryFolder folder_;
  std::unique_ptr<FilePageStore> store_;
  Headquarters headquarters_;
  Tablet tablet_;
  Draw draw_{0x67726F77};
  std::string section_;
};

int run(Options options) {
  must(crypto_init());
  options.rounds = 1;
  const std::vector<Customer> all = make_customers(options.customers);
  Report report("bench-growth,");
  return report.take_rounds(options, [&] {
    Growth growth(report);
    for (const std::size_t part : {100, 10, 1}) growth.measure(all, all.size() / part);
  });
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) {
  using namespace banyan::bench;
  return run(parse_options(argc, argv, kUsage, 1'000'000));
}
