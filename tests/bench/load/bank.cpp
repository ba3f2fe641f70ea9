#include "tests/bench/load/bank.h"

#include <map>
#include <set>

#include "sync-server/host/enrol_codes.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kBatch = 1'000;  // drafts in one transaction
constexpr std::int64_t kCodeMs = 24 * 60 * 60 * 1000;

CellWrite cell(const Entity& entity, std::string_view field, Value value) {
  const Field* found = entity.field(field);
  expect(found != nullptr, "the packs have the field " + std::string(field));
  return {found->no, std::move(value), {}};
}

void author(ServerStore& store, DeviceId device, std::vector<Draft>& drafts) {
  for (std::size_t at = 0; at < drafts.size(); at += kBatch) {
    const auto count = std::min(kBatch, drafts.size() - at);
    must(store.author(device, std::span(drafts).subspan(at, count)));
  }
  drafts.clear();
}

}  // namespace

LoadBank::LoadBank(Report& report, const std::filesystem::path& folder, const LoadSize& size)
    : folder_(folder) {
  const Stopwatch watch;
  const std::unique_ptr<server::Bank> bank = open();
  facts_ = BankFacts::of(bank->packs().catalogue);
  facts_.organisation = bank->organisation().number;
  facts_.organisation_key = bank->keys().organisation.verify_key();
  hire(bank->store(), size);
  fill(bank->store(), size);
  enrol(*bank);
  must(bank->close());
  report.time("The bank", "made, with everybody enrolled",
              static_cast<double>(size.tablets) * size.customers, "customers", watch.taken());
}

std::unique_ptr<server::Bank> LoadBank::open() {
  server::BankSettings settings;
  settings.data = folder_;
  return must(server::Bank::open(settings, server::Bank::Use::Write));
}

RowId LoadBank::put(std::vector<Draft>& drafts, std::uint32_t entity, std::vector<CellWrite> cells,
                    ServerStore& store) {
  const RowId id = store.mint(kImportDevice);
  Draft draft;
  draft.aggregate = id;
  draft.rows.push_back({entity, Op::Insert, id, 1, std::move(cells)});
  drafts.push_back(std::move(draft));
  return id;
}

// The last officers and the manager are for the real replicas.
void LoadBank::hire(ServerStore& store, const LoadSize& size) {
  const Entity& branch = *store.packs().entity("branch");
  const Entity& staff = *store.packs().entity("staff");
  std::vector<Draft> drafts;
  const auto person = [&](std::size_t number, const std::string& role, RowId where) {
    const std::string no = std::to_string(100'000 + number);
    return put(drafts, staff.no,
               {cell(staff, "name", "member " + no), cell(staff, "staff_no", no),
                cell(staff, "role", role), cell(staff, "branch", where),
                cell(staff, "active", std::int64_t{1})},
               store);
  };
  for (std::size_t i = 0; i < size.tablets + 2; ++i) {
    if (i % kOfficersOfBranch == 0) {
      officers_.push_back({{},
                           put(drafts, branch.no,
                               {cell(branch, "name", "branch " + std::to_string(i)),
                                cell(branch, "kind", std::int64_t{1})},
                               store),
                           {}});
    } else {
      officers_.push_back({{}, officers_.back().branch, {}});
    }
    officers_.back().staff = person(i, "officer", officers_.back().branch);
  }
  // The manager of the third branch, or of the only one: he has no customers of his own.
  const std::size_t where = std::min<std::size_t>(2 * kOfficersOfBranch, size.tablets - 1);
  officers_.push_back({{}, officers_[where].branch, {}});
  officers_.back().staff = person(officers_.size(), "manager", officers_.back().branch);
  author(store, kImportDevice, drafts);
}

void LoadBank::fill(ServerStore& store, const LoadSize& size) {
  const Entity& customer = *store.packs().entity("customer");
  std::vector<Draft> drafts;
  for (std::size_t i = 0; i + 1 < officers_.size(); ++i) {
    Officer& officer = officers_[i];
    for (std::uint32_t n = 0; n < size.customers; ++n) {
      const std::string no = std::to_string(i * size.customers + n);
      officer.customers.push_back(
          put(drafts, customer.no,
              {cell(customer, "name", "customer " + no), cell(customer, "kind", std::int64_t{1}),
               cell(customer, "phone", "120" + std::to_string(10'000'000 + i)),
               cell(customer, "address", "village " + std::to_string(n) + ", house " + no),
               cell(customer, "owner", officer.staff), cell(customer, "branch", officer.branch),
               cell(customer, "status", std::int64_t{1}),
               cell(customer, "employer", "village cooperative " + no)},
              store));
    }
    if (drafts.size() >= kBatch) author(store, kImportDevice, drafts);
  }
  author(store, kImportDevice, drafts);
}

// Not by 4,000 codes over HTTP: that an address may send a hundred a minute is no load.
void LoadBank::enrol(server::Bank& bank) {
  sync::Cursor cursor;
  cursor.epoch = bank.store().epoch();
  cursor.base = cursor.pos = cursor.start = bank.store().head();
  cursor.sub = sync::kRoundEnd;
  must(bank.store().read_log(cursor.pos - 1, 1, [&](const ServerStore::LogEntry& entry) {
    cursor.pos_hash = entry.order;
    return Status{};
  }));
  must(bank.store().begin_group());
  for (std::size_t i = 0; i + 3 < officers_.size(); ++i) {
    Officer& officer = officers_[i];
    SigningKey key = SigningKey::generate(random_);
    const BoxKey box = BoxKey::generate(random_);
    const DeviceId device =
        must(bank.store().enrol({officer.staff, key.verify_key(), box.public_key()}));
    const Tablet::Owner owner{device, officer.staff, officer.branch};
    tablets_.push_back(std::make_unique<Tablet>(facts_, owner, std::move(key), cursor,
                                                officer.customers, clock_, random_));
  }
  must(bank.store().commit_group());
  server::EnrolCodes codes(bank.folder() / "codes", bank.clock());
  for (std::size_t i = officers_.size() - 3; i < officers_.size(); ++i) {
    codes_.push_back(must(codes.make(officers_[i].staff, kCodeMs, random_)));
  }
  codes_.push_back(must(codes.make(officers_.back().staff, kCodeMs, random_)));  // one more
}

void LoadBank::start(Report& report) {
  const Stopwatch watch;
  server_ = std::make_unique<test::ServerProcess>(test::server_program(), folder_);
  expect(server_->port() != 0, "the server comes up: " + server_->log());
  report.figure("The bank", "the server's start until it answers (seen every 10 ms)",
                watch.taken().wall_s * 1e3, "ms");
  report.figure("The bank", "the server's memory after the start", resident_mib(), "MiB");
  for (auto& replica : replicas_) replica->move_to(server_->port());
}

void LoadBank::stop() {
  server_->signal(15);
  expect(server_->wait() == 0, "the server ends well");
  server_.reset();
}

std::size_t LoadBank::events(const std::string& name) const {
  const std::string log = server_->log(), wanted = "\"event\":\"" + name + "\"";
  std::size_t count = 0;
  for (auto at = log.find(wanted); at != std::string::npos; at = log.find(wanted, at + 1)) ++count;
  return count;
}

void LoadBank::join_replicas() {
  for (std::size_t i = 0; i + 1 < codes_.size(); ++i) {
    replicas_.push_back(must(test::HttpDevice::enrol(server_->port(), codes_[i])));
    must(replicas_.back()->sync());
  }
}

void LoadBank::join_one_more() {
  replicas_.push_back(must(test::HttpDevice::enrol(server_->port(), codes_.back())));
}

std::size_t LoadBank::reassign_branch() {
  const std::unique_ptr<server::Bank> bank = open();
  const Entity& customer = *bank->packs().catalogue.entity("customer");
  std::vector<Draft> drafts;
  for (std::size_t i = 0; i < kOfficersOfBranch && i + kOfficersOfBranch < tablets_.size(); ++i) {
    const Officer& to = officers_[i + kOfficersOfBranch];
    for (const RowId id : tablets_[i]->customers()) {
      Draft draft;
      draft.aggregate = id;
      draft.rows.push_back(
          {customer.no,
           Op::Update,
           id,
           1,
           {cell(customer, "owner", to.staff), cell(customer, "branch", to.branch)}});
      drafts.push_back(std::move(draft));
    }
  }
  const std::size_t moved = drafts.size();
  author(bank->store(), kServerDevice, drafts);
  must(bank->close());
  return moved;
}

void LoadBank::verify(Report& report) {
  const Stopwatch watch;
  const test::Finished checked =
      test::run_program(test::server_program(), {"verify-log", "--data", folder_.string()});
  expect(checked.code == 0, "the log verifies: " + checked.err);
  const std::unique_ptr<server::Bank> bank = open();
  std::uint64_t commits = 0, refused = 0;
  for (const auto& tablet : tablets_) {
    const DeviceId id = tablet->owner().device;
    const std::string who = "device " + std::to_string(number(id));
    const sync::DeviceRecord device = must(bank->store().device(id));
    expect(tablet->acked() == tablet->written(), who + " has everything acknowledged");
    expect(device.head == tablet->written(), who + " is in the log with all it wrote");
    expect(device.head_hash == tablet->last_hash() || device.head == 0, who + " has its own chain");
    const auto there =
        must(bank->database().query_int("SELECT count(*) FROM log WHERE dev=?1", id));
    expect(there == static_cast<std::int64_t>(tablet->written()), who + " is there once");
    commits += tablet->written();
    refused += tablet->refused();
  }
  check_portfolios(*bank);
  const auto tablets = static_cast<double>(tablets_.size());
  expect(refused == 0, std::to_string(refused) + " operations were refused or lost");
  for (auto& replica : replicas_) check_replica(*bank, *replica);
  report.figure("The truth afterwards", "tablets whose chain is in the log, all of it", tablets,
                "");
  report.figure("The truth afterwards", "their commits, each there once",
                static_cast<double>(commits), "");
  report.figure("The truth afterwards", "real replicas equal to the server",
                static_cast<double>(replicas_.size()), "");
  report.figure("The truth afterwards", "to verify all of it", watch.taken().wall_s, "s");
}

// What each tablet was sent is what its officer has.
void LoadBank::check_portfolios(server::Bank& bank) {
  std::map<RowId, std::set<RowId>> wanted;
  {
    Statement all = must(bank.database().statement("SELECT owner,id FROM customer WHERE _dead=0"));
    while (must(all.step())) wanted[all.row_id(0)].insert(all.row_id(1));
  }
  for (const auto& tablet : tablets_) {
    const std::set<RowId> there(tablet->customers().begin(), tablet->customers().end());
    expect(there == wanted[tablet->owner().staff], "a tablet has its officer's customers");
  }
}

// Row by row, by what the field of most writes says.
void LoadBank::check_replica(server::Bank& bank, test::HttpDevice& device) {
  const auto rows_of = [](Database& db, const std::string& where) {
    std::map<std::int64_t, std::string> rows;
    Statement all =
        must(db.statement("SELECT id,name,employer FROM customer WHERE _dead=0" + where));
    while (must(all.step())) {
      rows[all.integer(0)] = std::string(all.text(1)) + "|" + std::string(all.text(2));
    }
    return rows;
  };
  const RowId staff = device.enrolment().user;
  const auto who = std::find_if(officers_.begin(), officers_.end(),
                                [&](const Officer& officer) { return officer.staff == staff; });
  const std::string mine = device.enrolment().role == "officer"
                               ? " AND owner=" + std::to_string(number(staff))
                               : " AND branch=" + std::to_string(number(who->branch));
  const auto there = rows_of(bank.database(), mine);
  expect(!there.empty(), "a replica has customers");
  expect(rows_of(device.replica().database(), "") == there, "a replica's rows are the server's");
}

}  // namespace banyan::bench
