#include "tests/bench/load/bank.h"

#include <algorithm>

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

LoadBank::LoadBank(Report& report, const std::filesystem::path& folder, const LoadSize& size,
                   const LoadPlace& place)
    : host_(folder, place) {
  const Stopwatch watch;
  std::unique_ptr<server::Bank> bank = open();
  facts_ = BankFacts::of(bank->packs().catalogue);
  facts_.organisation = bank->organisation().number;
  facts_.organisation_key = bank->keys().organisation.verify_key();
  hire(bank->store(), size);
  fill(bank->store(), size);
  enrol(*bank);
  must(bank->close());
  bank.reset();  // its folder is free
  report.time("The bank", "made, with everybody enrolled",
              static_cast<double>(size.tablets) * size.customers, "customers", watch.taken());
  host_.settle(report);
  make_codes();
}

std::unique_ptr<server::Bank> LoadBank::open() {
  return must(server::Bank::open(host_.settings(), server::Bank::Use::Write));
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
}

void LoadBank::make_codes() {
  const std::unique_ptr<server::Bank> bank = open();
  server::EnrolCodes codes = bank->codes();
  for (std::size_t i = officers_.size() - 3; i < officers_.size(); ++i) {
    codes_.push_back(must(codes.make(officers_[i].staff, kCodeMs, random_)));
  }
  codes_.push_back(must(codes.make(officers_.back().staff, kCodeMs, random_)));  // one more
  must(bank->close());
}

void LoadBank::start(Report& report) {
  host_.start(report);
  for (std::size_t i = 0; i < replicas_.size(); ++i) replicas_[i]->move_to(host_.port(i));
}

std::size_t LoadBank::events(const std::string& name) const {
  const std::string log = host_.log(), wanted = "\"event\":\"" + name + "\"";
  std::size_t count = 0;
  for (auto at = log.find(wanted); at != std::string::npos; at = log.find(wanted, at + 1)) ++count;
  return count;
}

void LoadBank::join_replicas() {
  for (std::size_t i = 0; i + 1 < codes_.size(); ++i) {
    replicas_.push_back(must(test::HttpDevice::enrol(host_.port(i), codes_[i])));
    must(replicas_.back()->sync());
  }
}

void LoadBank::join_one_more() {
  replicas_.push_back(must(test::HttpDevice::enrol(host_.port(0), codes_.back())));
}

void LoadBank::write_notes(std::uint32_t kib) {
  constexpr std::size_t kLetters = 4'000;  // of a note
  // Six bits of chance in a letter: what is packed is not smaller than three quarters of this.
  constexpr std::string_view kAlphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
  const std::size_t notes = kib * std::size_t{1024} * 4 / 3 / kLetters + 1;
  const std::unique_ptr<server::Bank> bank = open();
  Draw draw(7);
  std::vector<Draft> drafts;
  for (const auto& tablet : tablets_) {
    for (std::size_t n = 0; n < notes; ++n) {
      std::string text(kLetters, ' ');
      for (char& letter : text) letter = kAlphabet[draw.below(64)];
      Draft draft;
      draft.aggregate = tablet->customers()[n % tablet->customers().size()];
      RowWrite row{facts_.interaction, Op::Fact, bank->store().mint(kImportDevice), 1, {}};
      row.cells = {{facts_.channel, std::int64_t{1}, {}},
                   {facts_.direction, std::int64_t{1}, {}},
                   {facts_.at, clock_.wall_ms(), {}},
                   {facts_.staff, tablet->owner().staff, {}},
                   {facts_.text, std::move(text), {}}};
      std::sort(row.cells.begin(), row.cells.end(),
                [](const CellWrite& a, const CellWrite& b) { return a.field < b.field; });
      draft.rows.push_back(std::move(row));
      drafts.push_back(std::move(draft));
    }
    if (drafts.size() >= kBatch) author(bank->store(), kImportDevice, drafts);
  }
  author(bank->store(), kImportDevice, drafts);
  must(bank->close());
}

std::vector<std::unique_ptr<Tablet>> LoadBank::hand_out(std::size_t count) {
  const std::unique_ptr<server::Bank> bank = open();
  const Officer& manager = officers_.back();
  std::vector<std::unique_ptr<Tablet>> fresh;
  must(bank->store().begin_group());
  for (std::size_t i = 0; i < count; ++i) {
    SigningKey key = SigningKey::generate(random_);
    const BoxKey box = BoxKey::generate(random_);
    const DeviceId device =
        must(bank->store().enrol({manager.staff, key.verify_key(), box.public_key()}));
    const Tablet::Owner owner{device, manager.staff, manager.branch};
    fresh.push_back(std::make_unique<Tablet>(facts_, owner, std::move(key), sync::Cursor{},
                                             std::vector<RowId>{}, clock_, random_));
  }
  must(bank->store().commit_group());
  must(bank->close());
  return fresh;
}

std::size_t LoadBank::customers_of_branch() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < officers_.size(); ++i) {
    if (officers_[i].branch != officers_.back().branch) continue;
    count += i < tablets_.size() ? tablets_[i]->customers().size() : officers_[i].customers.size();
  }
  return count;
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

}  // namespace banyan::bench
