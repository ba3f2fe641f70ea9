// Founding the bank, and how messages travel.
#include "tests/simulation/world.h"

#include <algorithm>

#include "tests/support/bank.h"

namespace banyan::sim {
namespace {

constexpr std::uint32_t kOrganisation = 77;

MacKey challenge_key() {
  SeededRandom random(5);
  return MacKey::generate(random);
}

CellWrite cell(std::uint32_t field, Value value) { return {field, std::move(value), {}}; }

}  // namespace

World::World(std::uint64_t seed, Mutant mutant)
    : seed_(seed),
      mutant_(mutant),
      random_(seed),
      server_clock_(now_),
      organisation_(SigningKey::generate(random_)) {
  weather_.clocks = seed % 3 != 0;
  weather_.restores = seed % 2 != 0;
  weather_.moves = seed % 5 != 0;
  weather_.tails = seed % 4 == 1;
  found();
}

World::~World() {
  for (auto& device : devices_) {
    device->client.reset();
    device->store.reset();
    device->replica.reset();
  }
  server_.reset();
  changes_.reset();
  store_.reset();
}

void World::fail_with(const std::string& what) {
  if (failure_.empty()) failure_ = what;
}

Database* World::memory_database(std::unique_ptr<Database>& at) {
  DatabaseOptions options;
  options.sync = DatabaseOptions::Sync::Normal;
  options.random = &random_;
  auto opened = Database::open(std::move(options));
  BANYAN_CHECK(opened.ok());
  at = std::move(opened).value();
  return at.get();
}

void World::found() {
  memory_database(server_db_);
  open_server();
  std::vector<Draft> drafts;
  for (int i = 0; i < 2; ++i) {
    const RowId id = store_->mint(kServerDevice);
    branches_.push_back(id);
    drafts.push_back({id, 0, {{kBranch, Op::Insert, id, 1, {cell(kName, std::string("b"))}}}});
  }
  const std::int64_t roles[] = {kHeadquarters, kOfficer, kOfficer, kTeller};
  for (const std::int64_t role : roles) {
    const RowId id = store_->mint(kServerDevice);
    staff_.push_back(id);
    drafts.push_back({id,
                      0,
                      {{kStaff,
                        Op::Insert,
                        id,
                        1,
                        {cell(kName, std::string("s")), cell(kRole, role),
                         cell(kStaffBranchField, branches_[0])}}}});
  }
  for (int i = 0; i < 5; ++i) {
    const RowId id = store_->mint(kServerDevice);
    const RowId owner = staff_[i % 2 == 0 ? 1 : 2];
    drafts.push_back({id,
                      0,
                      {{kCustomer,
                        Op::Insert,
                        id,
                        1,
                        {cell(kName, std::string("c")), cell(kPhone, std::string("1")),
                         cell(kRisk, std::int64_t{i}), cell(kOwner, owner),
                         cell(kHome, branches_[static_cast<std::size_t>(i % 2)])}}}});
  }
  const auto authored = store_->author(kServerDevice, drafts);
  BANYAN_CHECK(authored.ok());
  for (std::size_t i = 0; i < staff_.size(); ++i) enrol(staff_[i], roles[i]);
  if (seed_ % 7 == 0) enrol(staff_[1], kOfficer);  // two tablets of one officer
}

void World::open_server() {
  auto opened =
      ServerStore::open(*server_db_, bank(), kOrganisation, organisation_, server_clock_, random_);
  BANYAN_CHECK(opened.ok());
  store_ = std::move(opened).value();
  changes_ = std::make_unique<MutantChanges>(*store_, mutant_);
  server_ = std::make_unique<sync::Server>(*changes_, organisation_, challenge_key(), server_clock_,
                                           random_);
}

void World::enrol(RowId user, std::int64_t role) {
  auto device = std::make_unique<Device>(now_, seed_ * 31 + devices_.size() + 1);
  device->user = user;
  device->role = role;
  const auto id = store_->enrol({user, device->key.verify_key(), {}});
  BANYAN_CHECK(id.ok());
  device->id = *id;
  device->joined = {store_->epoch(), store_->head()};
  memory_database(device->db);
  open_device(*device);
  devices_.push_back(std::move(device));
}

void World::open_device(Device& d) {
  d.client.reset();
  d.store.reset();
  d.replica.reset();
  auto opened =
      Replica::open(*d.db, bank(), {d.id, d.user, kOrganisation, d.joined}, d.clock, d.random);
  if (!opened.ok()) return fail_with("I15 a device does not open: " + opened.error().detail);
  d.replica = std::move(opened).value();
  d.store = std::make_unique<MutantDevice>(*d.replica, mutant_);
  d.client = std::make_unique<sync::Client>(*d.store, d.key, organisation_.verify_key(), d.clock,
                                            d.random);
}

// ---- messages

Bytes World::ask(std::size_t device) {
  auto limits = sync::Client::Limits{};
  limits.adapt = false;
  const std::uint64_t groups[] = {1, 1, 2, 3, 0, 0};
  limits.groups_max = static_cast<std::size_t>(groups[random_.below(6)]);
  const std::size_t commits[] = {1, 2, 7, 200};
  limits.bundle_commits = commits[random_.below(4)];
  const std::size_t push[] = {1, 400, 1U << 20};
  limits.push_bytes = push[random_.below(3)];
  devices_[device]->client->set_limits(limits);
  count("requests");
  return need(devices_[device]->client->make_request(), "I15 make_request");
}

Bytes World::serve(ByteView request) {
  const std::uint64_t before = store_->head();
  auto handled = server_->handle(request);
  if (!handled.ok()) {
    fail_with("I15 the server fails: " + handled.error().detail);
    return {};
  }
  count("commits", handled->appended);
  count("parked", handled->parked);
  if (handled->forked) fail_with("I16 a fork where nobody cloned");
  need(store_->read_log(before, 1'000'000,
                        [&](const ServerStore::LogEntry& entry) -> Status {
                          arrived_[{number(entry.device), entry.dseq}] = now_;
                          return {};
                        }),
       "log");
  note_promise(handled->reply);
  return std::move(handled->reply);
}

std::optional<sync::Progress> World::take(std::size_t index, ByteView reply) {
  Device& d = *devices_[index];
  const auto decoded = sync::decode_reply(reply, organisation_.verify_key());
  if (!decoded.ok()) {
    fail_with("reply: " + decoded.error().detail);
    return std::nullopt;
  }
  Page page;
  if (!decoded->page.empty()) {
    page = need(decode_page(decoded->page, organisation_.verify_key()), "page");
  }
  std::vector<std::pair<std::uint32_t, RowId>> shown;
  for (const auto& [entity, row] : d.replica->waiting().all()) {
    if (need(d.replica->load(*bank().entity(entity), row), "load").exists) {
      shown.emplace_back(entity, row);
    }
  }
  auto progress = d.client->handle_reply(reply);
  if (!progress.ok()) {
    if (progress.error().code == ErrorCode::Conflict) {
      count("stale replies");
      return std::nullopt;
    }
    fail_with("I15 handle_reply: " + progress.error().detail);
    return std::nullopt;
  }
  if (progress->forked) fail_with("I16 a device thinks it is forked");
  if (progress->complete) {
    count("rounds");
    d.must_sync = d.must_sync && d.replica->pending_count() > 0;
  }
  if (progress->was_reset) {
    count("resets");
    cursors_.erase(index);
    d.told = page.acked;
    return *progress;
  }
  if (decoded->page.empty()) {
    if (!decoded->tail.empty()) count("tails adopted");
    return *progress;
  }
  count("pages");
  if (!page.complete) count("partial pages");
  d.told = std::max(d.told, page.acked);
  for (const PageAggregate& a : page.aggregates) {
    count(a.mode == PageMode::Whole ? "FULL" : a.mode == PageMode::Drop ? "DROP" : "INC");
  }
  const auto promise = promises_.find(Bytes(reply.begin(), reply.end()));
  if (promise == promises_.end()) return *progress;
  for (const auto& [entity, row] : shown) check_still_shown(d, page, promise->second, entity, row);
  check_page_kept(d, page, promise->second);
  return *progress;
}

bool World::exchange_cleanly(std::size_t index) {
  for (int i = 0; i < 200 && !failed(); ++i) {
    const Bytes request = ask(index);
    if (failed()) return false;
    const Bytes reply = serve(request);
    if (failed()) return false;
    const auto progress = take(index, reply);
    if (failed()) return false;
    if (progress && !progress->more) return true;
  }
  fail_with("I15 a device never finishes a round");
  return false;
}

void World::quiesce() {
  net_.clear();
  for (int round = 0; round < 4 && !failed(); ++round) {
    for (std::size_t i = 0; i < devices_.size() && !failed(); ++i) exchange_cleanly(i);
  }
}

}  // namespace banyan::sim
