// bench-app: see --help.
#include "shared/crypto/init.h"
#include "tests/bench/app/measures.h"
#include "tests/support/server_process.h"

namespace banyan::bench {
namespace {

constexpr const char* kUsage =
    "bench-app [--customers N] [--rounds N] [--only officer|everybody] [--json FILE]\n\n"
    "The app's core as a tablet runs it, on the demo's county bank (50,000 customers): first\n"
    "sync of one officer's portfolio and of everybody (headquarters), one-field writes, a\n"
    "colleague's changes, search as you type, start and memory; beside plain SQLite with the\n"
    "same rows where it has the like. The best of all rounds (3) counts. Files lie in TMPDIR.\n"
    "Every result is checked; a wrong one ends the run.\n";

void run_round(Report& report, const Options& options, County& county, const std::string& self) {
  const test::TemporaryFolder folder;
  const std::string officers = (folder.path() / "officer").string();
  const std::string everybodys = (folder.path() / "everybody").string();
  if (options.wants("officer")) {
    const DemoLogin& login = county.somebody("officer");
    const std::string section = "One officer's portfolio";
    PlainCopy floor((folder.path() / "floor1").string(), county.catalogue());
    measure_arrival(report, section, officers, county, login, login.customers, &floor);
    measure_start(report, section, self, officers);
  }
  if (options.wants("everybody")) {
    const std::string section = "Everybody, at headquarters";
    PlainCopy floor((folder.path() / "floor2").string(), county.catalogue());
    const auto tablet = measure_arrival(report, section, everybodys, county, county.somebody("hq"),
                                        county.report().customers, &floor);
    measure_search(report, section, tablet->session());
    measure_daily(report, section, *tablet, county, floor);
  }
  // In a process of its own, and so after this one has closed the files.
  if (options.wants("everybody")) {
    measure_start(report, "Everybody, at headquarters", self, everybodys);
  }
}

int run(const Options& options, const std::string& self) {
  const test::TemporaryFolder folder;
  const Stopwatch watch;
  County county(folder.path(), options.customers);
  const DemoReport& made = county.report();
  Report report("bench-app, " + std::to_string(made.customers) + " customers, " +
                std::to_string(made.rows) + " rows,");
  report.time("The bank", "making it", static_cast<double>(made.rows), "rows", watch.taken());
  return report.take_rounds(options, [&] { run_round(report, options, county, self); });
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) {
  using namespace banyan::bench;
  must(banyan::crypto_init());
  if (argc == 3 && std::string(argv[1]) == "start") return start_here(argv[2]);
  return run(parse_options(argc, argv, kUsage, 50'000), argv[0]);
}
