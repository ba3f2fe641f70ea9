#include "shared/storage/transaction.h"
#include "tests/bench/app/measures.h"
#include "tests/bench/workload.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kWrites = 2000, kChanges = 1000;

struct Field {
  const char* name;
  const char* meaning;
};
// What the app does beyond the row: nothing, keep other values (guarded), and search.
constexpr Field kFields[] = {{"employer", "an ordinary field"},
                             {"address", "a guarded field"},
                             {"phone", "a guarded field that search finds"}};

std::vector<RowId> some_customers(Session& session, std::size_t count) {
  std::vector<RowId> all;
  Statement ids = must(session.database().statement("SELECT id FROM customer WHERE _dead=0"));
  while (must(ids.step())) all.push_back(ids.row_id(0));
  Draw draw(7);
  std::vector<RowId> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(all[draw.below(static_cast<std::uint32_t>(all.size()))]);
  }
  return out;
}

std::string new_value(const std::string& field, std::size_t i) {
  const std::string digits = std::to_string(10'000'000 + i);
  return field == "phone" ? "154" + digits : "No. " + digits;
}

void report_latency(Report& report, const std::string& section, const std::string& what,
                    std::vector<double>& ms) {
  report.figure(section, what + ", p50", percentile(ms, 0.50), "ms");
  report.figure(section, what + ", p99", percentile(ms, 0.99), "ms");
}

Cost write_plainly(PlainCopy& floor, const std::string& field, const std::vector<RowId>& ids,
                   std::vector<double>& ms) {
  Cost sum;
  const std::string sql = "UPDATE customer SET " + field + "=?1 WHERE id=?2";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string value = new_value(field, i);
    const Stopwatch watch;
    Transaction change = must(Transaction::begin(floor.database()));
    must(floor.database().run(sql, value, ids[i]));
    must(change.commit());
    const Cost cost = watch.taken();
    sum += cost;
    ms.push_back(cost.wall_s * 1e3);
  }
  return sum;
}

Cost write_here(Session& session, const std::string& name, const std::vector<RowId>& ids,
                std::vector<double>& ms) {
  Cost sum;
  const Entity& customer = *session.names().customer;
  const std::uint32_t field = customer.field(name)->no;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Stopwatch watch;
    RowWrite row{customer.no, Op::Update, ids[i], 1, {{field, new_value(name, i), {}}}};
    must(session.replica().write(Draft{ids[i], 0, {std::move(row)}}));
    const Cost cost = watch.taken();
    sum += cost;
    ms.push_back(cost.wall_s * 1e3);
  }
  return sum;
}

void expect_written(Session& session, PlainCopy& floor, const std::string& field) {
  const std::string ask = "SELECT sum(" + field + " IS NOT NULL) || ' ' || group_concat(" + field +
                          ") FROM (SELECT " + field + " FROM customer ORDER BY id)";
  expect(must(session.database().query_text(ask)) == must(floor.database().query_text(ask)),
         "the floor and the tablet show the same " + field);
}

}  // namespace

void measure_daily(Report& report, const std::string& section, Tablet& tablet, County& county,
                   PlainCopy& floor) {
  Session& session = tablet.session();
  const std::vector<RowId> ids = some_customers(session, kWrites);
  for (const Field& field : kFields) {
    const std::string what = std::string("write of ") + field.meaning;
    std::vector<double> floor_ms, ms;
    const Cost plain = write_plainly(floor, field.name, ids, floor_ms);
    const Cost ours = write_here(session, field.name, ids, ms);
    report.compare(section, what, static_cast<double>(ids.size()), "writes", plain, ours);
    report_latency(report, section, what + ", floor", floor_ms);
    report_latency(report, section, what, ms);
    expect_written(session, floor, field.name);
  }
  session.changed();
  tablet.sync();

  // A colleague's morning: one field each of a thousand customers.
  const Entity& customer = *county.catalogue().entity("customer");
  const std::uint32_t field = customer.field("employer")->no;
  std::vector<Draft> drafts;
  for (std::size_t i = 0; i < kChanges; ++i) {
    RowWrite row{customer.no, Op::Update, ids[i], 1, {{field, "C. " + std::to_string(i), {}}}};
    drafts.push_back({ids[i], 0, {std::move(row)}});
  }
  must(county.store().author(kServerDevice, drafts));
  const Tablet::Synced synced = tablet.sync();
  report.time(section, "take in changed customers, at the tablet", static_cast<double>(kChanges),
              "changes", synced.tablet);
  expect(must(session.database().query_text("SELECT employer FROM customer WHERE id=?1",
                                            ids[kChanges - 1])) ==
             "C. " + std::to_string(kChanges - 1),
         "the colleague's value is shown");
}

}  // namespace banyan::bench
