#include <cstdio>
#include <cstring>
#include <sstream>

#include "shared/app/queries.h"
#include "tests/bench/app/measures.h"
#include "tests/support/server_process.h"

namespace banyan::bench {
namespace {

void say(const char* what, double value) { std::printf("%s %.6f\n", what, value); }

}  // namespace

int start_here(const std::string& folder) {
  const double bare = resident_mib();
  Cost unlock, open;
  const std::unique_ptr<Tablet> tablet = Tablet::open(folder, unlock, open);
  Session& session = tablet->session();
  const Stopwatch watch;
  const Today today = read_today(session);
  const double first = watch.taken().wall_s;
  CustomerList list(session);
  list.ask_for("", {}, CustomerSort::Name);
  expect(list.size() > 0, "the list shows somebody");
  list.at(0);
  const double both = watch.taken().wall_s;
  say("bare", bare);
  say("unlock", unlock.wall_s * 1e3);
  say("open", open.wall_s * 1e3);
  say("today", first * 1e3);
  say("list", both * 1e3 - first * 1e3);
  say("memory", resident_mib());
  say("peak", peak_mib());
  return 0;
}

void measure_start(Report& report, const std::string& section, const std::string& self,
                   const std::string& folder) {
  const test::Finished child = test::run_program(self, {"start", folder});
  expect(child.code == 0, "the app starts: " + child.err);
  std::istringstream in(child.out);
  std::string key;
  for (double value = 0; in >> key >> value;) {
    if (key == "unlock") report.figure(section, "start: passphrase (Argon2id)", value, "ms");
    if (key == "open") report.figure(section, "start: open the session", value, "ms");
    if (key == "today") report.figure(section, "start: first screen (today)", value, "ms");
    if (key == "list") report.figure(section, "start: customer list", value, "ms");
    if (key == "bare") report.figure(section, "memory of the empty program", value, "MiB");
    if (key == "memory") report.figure(section, "memory, open with both screens", value, "MiB");
    if (key == "peak") report.figure(section, "memory, peak (with Argon2id's 128)", value, "MiB");
  }
}

}  // namespace banyan::bench
