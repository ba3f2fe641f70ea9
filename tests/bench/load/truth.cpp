// What the bank must hold when a load has ended.
#include <algorithm>
#include <map>
#include <set>

#include "shared/changelog/codec.h"
#include "sync-server/postgres/connection.h"
#include "tests/bench/load/bank.h"

namespace banyan::bench {
namespace {

struct KnownCustomer {
  RowId id{}, owner{}, branch{};
  std::string shown;  // name and employer: what the field of most writes says
};

std::string shown_of(std::string_view name, std::string_view employer) {
  return std::string(name) + "|" + std::string(employer);
}

std::unique_ptr<postgres::Connection> connect(const std::string& url) {
  return must(postgres::Connection::open(url));
}

std::map<DeviceId, std::uint64_t> commits_in_log(server::Bank& bank, const std::string& url) {
  std::map<DeviceId, std::uint64_t> commits;
  const std::string ask = "SELECT dev,count(*) FROM log GROUP BY dev";
  if (url.empty()) {
    Statement all = must(bank.database().statement(ask));
    while (must(all.step())) {
      commits[DeviceId{static_cast<std::uint32_t>(all.integer(0))}] =
          static_cast<std::uint64_t>(all.integer(1));
    }
    return commits;
  }
  const auto all = must(connect(url)->query(ask));
  for (int i = 0; i < all.rows(); ++i) {
    commits[DeviceId{static_cast<std::uint32_t>(all.integer(i, 0))}] = all.natural(i, 1);
  }
  return commits;
}

std::vector<KnownCustomer> customers_in(Database& db) {
  std::vector<KnownCustomer> customers;
  Statement all =
      must(db.statement("SELECT id,owner,branch,name,employer FROM customer WHERE _dead=0"));
  while (must(all.step())) {
    customers.push_back(
        {all.row_id(0), all.row_id(1), all.row_id(2), shown_of(all.text(3), all.text(4))});
  }
  return customers;
}

// There rows are images.
std::vector<KnownCustomer> customers_in(const std::string& url, const BankFacts& facts) {
  const auto connection = connect(url);
  const auto all = must(connection->query("SELECT img FROM image WHERE tbl=$1",
                                          postgres::arguments(std::int64_t{facts.customer})));
  std::vector<KnownCustomer> customers;
  for (int i = 0; i < all.rows(); ++i) {
    const Row row = must(decode_row(all.bytes(i, 0)));
    if (!row.alive()) continue;
    customers.push_back(
        {row.id, RowId{int_of(row.cell(facts.owner))}, RowId{int_of(row.cell(facts.branch))},
         shown_of(text_of(row.cell(facts.name)), text_of(row.cell(facts.employer)))});
  }
  return customers;
}

// Row by row.
void check_replica(const std::vector<KnownCustomer>& all, test::HttpDevice& device, RowId branch) {
  const RowId staff = device.enrolment().user;
  const bool officer = device.enrolment().role == "officer";
  std::map<RowId, std::string> wanted, there;
  for (const KnownCustomer& each : all) {
    if (officer ? each.owner == staff : each.branch == branch) wanted[each.id] = each.shown;
  }
  for (const KnownCustomer& each : customers_in(device.replica().database())) {
    there[each.id] = each.shown;
  }
  expect(!there.empty(), "a replica has customers");
  expect(there == wanted, "a replica's rows are the server's");
}

}  // namespace

void LoadBank::check_chains(server::Bank& bank, const std::map<DeviceId, std::uint64_t>& commits) {
  for (const auto& tablet : tablets_) {
    const DeviceId id = tablet->owner().device;
    const std::string who = "device " + std::to_string(number(id));
    const sync::DeviceRecord device = must(bank.store().device(id));
    expect(tablet->acked() == tablet->written(), who + " has everything acknowledged");
    expect(device.head == tablet->written(), who + " is in the log with all it wrote");
    expect(device.head_hash == tablet->last_hash() || device.head == 0, who + " has its own chain");
    const auto found = commits.find(id);
    const std::uint64_t there = found == commits.end() ? 0 : found->second;
    expect(there == tablet->written(), who + " is there once");
  }
}

void LoadBank::verify(Report& report) {
  const Stopwatch watch;
  host_.verify_log();
  const std::unique_ptr<server::Bank> bank = open();
  const std::string url = host_.settings().store;
  check_chains(*bank, commits_in_log(*bank, url));
  std::uint64_t commits = 0, refused = 0;
  for (const auto& tablet : tablets_) {
    commits += tablet->written();
    refused += tablet->refused();
  }
  expect(refused == 0, std::to_string(refused) + " operations were refused or lost");
  const auto all = url.empty() ? customers_in(bank->database()) : customers_in(url, facts_);
  // What each tablet was sent is what its officer has.
  std::map<RowId, std::set<RowId>> wanted;
  for (const KnownCustomer& each : all) wanted[each.owner].insert(each.id);
  for (const auto& tablet : tablets_) {
    const std::set<RowId> there(tablet->customers().begin(), tablet->customers().end());
    expect(there == wanted[tablet->owner().staff], "a tablet has its officer's customers");
  }
  for (auto& replica : replicas_) {
    const auto who = std::find_if(officers_.begin(), officers_.end(), [&](const Officer& officer) {
      return officer.staff == replica->enrolment().user;
    });
    check_replica(all, *replica, who->branch);
  }
  const char* truth = "The truth afterwards";
  const auto tablets = static_cast<double>(tablets_.size());
  report.figure(truth, "tablets whose chain is in the log, all of it", tablets, "");
  report.figure(truth, "their commits, each there once", static_cast<double>(commits), "");
  report.figure(truth, "real replicas equal to the server", static_cast<double>(replicas_.size()),
                "");
  report.figure(truth, "to verify all of it", watch.taken().wall_s, "s");
}

}  // namespace banyan::bench
