#include "tests/bench/app/measures.h"

namespace banyan::bench {
namespace {

double mib(std::int64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); }

std::int64_t count_rows(Session& session) {
  std::int64_t rows = 0;
  for (const Entity& entity : session.catalogue().entities()) {
    rows += must(session.database().query_int("SELECT count(*) FROM \"" + entity.name + "\""));
  }
  return rows;
}

std::int64_t file_bytes(Database& db) {
  must(db.checkpoint());
  return must(db.query_int("PRAGMA page_count")) * must(db.query_int("PRAGMA page_size"));
}

}  // namespace

std::unique_ptr<Tablet> measure_arrival(Report& report, const std::string& section,
                                        const std::string& folder, County& county,
                                        const DemoLogin& login, std::uint64_t customers,
                                        PlainCopy* floor) {
  std::unique_ptr<Tablet> tablet = Tablet::create(folder, county, login);
  const Tablet::Synced synced = tablet->sync();
  Session& session = tablet->session();
  expect(!session.first_sync(), "the first round is complete");
  const auto there = must(session.database().query_int("SELECT count(*) FROM customer"));
  expect(there == static_cast<std::int64_t>(customers),
         "customers on the tablet: " + std::to_string(there) + " of " + std::to_string(customers));
  const auto rows = static_cast<double>(count_rows(session));
  const std::string what = "first sync, at the tablet";
  if (floor != nullptr) {
    const Cost plain = floor->fill_from(session.database());
    report.compare(section, what, rows, "rows", plain, synced.tablet);
    report.figure(section, "database of the floor", mib(file_bytes(floor->database())), "MiB");
  } else {
    report.time(section, what, rows, "rows", synced.tablet);
  }
  report.time(section, "first sync, at the server", rows, "rows", synced.server);
  report.figure(section, "customers", static_cast<double>(there), "");
  report.figure(section, "rows", rows, "");
  report.figure(section, "received", mib(static_cast<std::int64_t>(synced.down)), "MiB");
  report.figure(section, "database with log, search and rollups",
                mib(file_bytes(session.database())), "MiB");
  return tablet;
}

}  // namespace banyan::bench
