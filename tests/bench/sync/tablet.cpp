#include "tests/bench/sync/tablet.h"

#include <algorithm>
#include <cstdlib>

#include "tests/support/bank.h"

namespace banyan::bench {
namespace {

constexpr std::uint32_t kCustomerNo = test::kCustomer;
constexpr int kRoundsMax = 100'000;

std::uint32_t field_no(std::size_t column) { return static_cast<std::uint32_t>(column) + 1; }

Entity customer_entity() {
  using test::bank_parts::field;
  constexpr auto kText = FieldType::Text;
  Entity e = test::bank_parts::entity("customer", kCustomerNo, "customer");
  e.fields = {field("uuid", 1, kText, Merge::Register),
              field("name", 2, kText, Merge::Guarded),
              field("id_no", 3, FieldType::IdNumber, Merge::Guarded),
              field("phone", 4, FieldType::Phone, Merge::Guarded),
              field("gender", 5, kText, Merge::Register),
              field("birth_date", 6, kText, Merge::Register),
              field("branch_id", 7, kText, Merge::Register),
              field("officer_id", 8, kText, Merge::Register),
              field("risk_level", 9, kText, Merge::Register),
              field("aum", 10, FieldType::Money, Merge::Register),
              field("kyc_status", 11, kText, Merge::Register),
              field("note", 12, kText, Merge::Register)};
  return e;
}

Value value_of(std::size_t column, const std::string& text) {
  if (column == kAum) return std::int64_t{std::strtoll(text.c_str(), nullptr, 10)};
  return text;
}

}  // namespace

const Catalogue& bench_catalogue() {
  static const Catalogue made = [] {
    using namespace test::bank_parts;
    CatalogueBuilder builder;
    builder.add(staff()).add(branch()).add(customer_entity());
    builder.add(role("officer", kEverybody, "own", false));
    builder.add(role("headquarters", kEverybody, "all", false));
    return builder.build(1);
  }();
  return made;
}

Carried& Carried::operator+=(const Carried& other) {
  ask += other.ask;
  serve += other.serve;
  take += other.take;
  up += other.up;
  down += other.down;
  rounds += other.rounds;
  return *this;
}

// ---- headquarters

Headquarters::Headquarters(const std::string& path, const Setting& setting)
    : key_(SigningKey::generate(random_)) {
  DatabaseOptions options;
  options.name = path;
  options.sync = setting.sync;
  options.cache_bytes = 64 << 20;  // as banyan-server opens it
  db_ = must(Database::open(std::move(options)));
  store_ = must(ServerStore::open(*db_, bench_catalogue(), kOrganisation, key_, clock_, random_));
  server_ =
      std::make_unique<sync::Server>(*store_, key_, MacKey::generate(random_), clock_, random_);
  const RowId branch = create(test::kBranch, {{test::kName, std::string("east"), {}}});
  analyst_ = create(test::kStaff, {{test::kRole, test::kHeadquarters, {}},
                                   {test::kStaffBranchField, branch, {}}});
}

RowId Headquarters::create(std::uint32_t entity, std::vector<CellWrite> cells) {
  const RowId id = store_->mint(kServerDevice);
  const Draft draft{id, 0, {{entity, Op::Insert, id, 1, std::move(cells)}}};
  must(store_->author(kServerDevice, std::span(&draft, 1)));
  return id;
}

Bytes Headquarters::serve(ByteView request) {
  must(store_->begin_group());
  auto handled = must(server_->handle(request));
  must(store_->commit_group());
  expect(handled.status == sync::ReplyStatus::Ok ||
             handled.status == sync::ReplyStatus::ChallengeExpired,
         "the server refused a request");
  expect(!handled.forked && handled.parked == 0, "the server parked a bundle");
  return std::move(handled.reply);
}

// ---- a tablet

Tablet::Tablet(Headquarters& headquarters, PageStore& store, const std::string& name,
               const Setting& setting)
    : headquarters_(headquarters),
      key_(SigningKey::generate(random_)),
      db_(open_file(store, name, setting)) {
  const RowId user = headquarters.analyst();
  const DeviceId device = must(headquarters.store().enrol({user, key_.verify_key(), {}}));
  replica_ = must(Replica::open(*db_, bench_catalogue(),
                                {device, user, Headquarters::kOrganisation}, clock_, random_));
  client_ = std::make_unique<sync::Client>(*replica_, key_, headquarters.key().verify_key(), clock_,
                                           random_);
}

void Tablet::create(std::span<const Customer> customers, std::size_t at_once) {
  std::vector<Draft> drafts;
  while (!customers.empty()) {
    const auto part = customers.first(std::min(at_once, customers.size()));
    drafts.clear();
    for (const Customer& customer : part) {
      const RowId id = replica_->mint();
      rows_.push_back(id);
      RowWrite row{kCustomerNo, Op::Insert, id, 1, {}};
      row.cells.reserve(kColumns);
      for (std::size_t column = 0; column < kColumns; ++column) {
        row.cells.push_back({field_no(column), value_of(column, customer[column]), {}});
      }
      drafts.push_back({id, 0, {std::move(row)}});
    }
    must(replica_->write(drafts));
    customers = customers.subspan(part.size());
  }
}

void Tablet::edit(std::span<const Edit> edits, std::size_t at_once, std::span<const RowId> rows) {
  std::vector<Draft> drafts;
  while (!edits.empty()) {
    const auto part = edits.first(std::min(at_once, edits.size()));
    drafts.clear();
    for (const Edit& edit : part) {
      const RowId id = rows[edit.customer];
      RowWrite row{kCustomerNo, Op::Update, id, 1, {}};
      row.cells.push_back({field_no(edit.column), value_of(edit.column, edit.value), {}});
      drafts.push_back({id, 0, {std::move(row)}});
    }
    must(replica_->write(drafts));
    edits = edits.subspan(part.size());
  }
}

Carried Tablet::sync() {
  Carried carried;
  for (int round = 0; round < kRoundsMax; ++round) {
    const Bytes request = must(timed(carried.ask, [&] { return client_->make_request(); }));
    const Bytes reply = timed(carried.serve, [&] { return headquarters_.serve(request); });
    const auto progress = must(timed(carried.take, [&] { return client_->handle_reply(reply); }));
    expect(!progress.forked && progress.rejected == 0 && !progress.was_reset,
           "the tablet's sync went astray");
    carried.up += request.size();
    carried.down += reply.size();
    ++carried.rounds;
    if (!progress.more) return carried;
  }
  give_up("the rounds do not end");
}

}  // namespace banyan::bench
