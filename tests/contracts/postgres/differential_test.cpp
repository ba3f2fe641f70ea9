// The same random history over SQLite, PostgreSQL and maps: every page, every outcome and the
// whole log must be the same bytes.
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "shared/changelog/codec.h"
#include "sync-server/postgres/postgres_tables.h"
#include "tests/contracts/bundle_maker.h"
#include "tests/contracts/memory_server_tables.h"
#include "tests/contracts/postgres/a_postgres.h"

namespace banyan::test {
namespace {

// A bank over one kind of tables, and how far its devices have read.
struct Side {
  explicit Side(OpenTables tables) : pair(std::move(tables)) {
    for (const RowId user : {pair.officer, pair.colleague, pair.analyst, pair.officer}) {
      devices.push_back(pair.enrol(user));
      makers.emplace_back(pair, *devices.back());
      cursors.emplace_back();
    }
  }
  SyncPair pair;
  std::vector<std::unique_ptr<TestDevice>> devices;
  std::vector<BundleMaker> makers;
  std::vector<sync::Cursor> cursors;
};

class History {
 public:
  explicit History(std::uint64_t seed, const Side& first)
      : random_(seed),
        customers_{first.pair.customer},
        users_{first.pair.officer, first.pair.colleague, first.pair.analyst} {}

  struct Step {
    enum class Kind { Push, Decide, Pull, Restore } kind{};
    std::size_t device = 0;
    std::vector<Draft> drafts;
    std::optional<std::uint64_t> seen_ago;  // how far behind the head the author is
    std::size_t groups_max = 0, bytes_max = 0;
  };

  Step next() {
    Step step;
    step.device = random_.below(4);
    const std::uint64_t dice = random_.below(100);
    if (dice < 45) {
      step.kind = Step::Kind::Push;
      const std::uint64_t count = 1 + random_.below(6);
      for (std::uint64_t i = 0; i < count; ++i) step.drafts.push_back(write());
      if (random_.below(3) == 0) step.seen_ago = random_.below(20);
    } else if (dice < 60) {
      step.kind = Step::Kind::Decide;
      step.drafts.push_back(decision());
    } else if (dice < 99) {
      step.kind = Step::Kind::Pull;
      step.groups_max = random_.below(4);
      step.bytes_max = 200 + random_.below(20'000);
    } else {
      step.kind = Step::Kind::Restore;
    }
    return step;
  }

 private:
  RowId any(const std::vector<RowId>& of) { return of[random_.below(of.size())]; }
  Value text() {
    return std::string(1 + random_.below(40), static_cast<char>('a' + random_.below(26)));
  }

  Draft write() {
    const RowId customer = any(customers_);
    switch (random_.below(8)) {
      case 0: {  // a customer of one's own, sometimes of somebody else
        const RowId made = minter_.next();
        customers_.push_back(made);
        return {
            made,
            0,
            {row_write(kCustomer, Op::Insert, made,
                       {cell(kName, text()), cell(kPhone, text()), cell(kOwner, any(users_))})}};
      }
      case 1: {
        const RowId made = minter_.next();
        contacts_.emplace_back(customer, made);
        return {customer, 0, {row_write(kContact, Op::Insert, made, {cell(kName, text())})}};
      }
      case 2: {
        const RowId made = minter_.next();
        return {customer,
                0,
                {row_write(kVisit, Op::Fact, made, {cell(kText, text()), cell(kSecret, text())})}};
      }
      case 3:
        return {customer,
                0,
                {row_write(kCustomer, random_.below(3) == 0 ? Op::Remove : Op::Add, customer,
                           {cell(kTags, std::int64_t(random_.below(3)))})}};
      case 4: {
        RowWrite change =
            row_write(kCustomer, random_.below(2) == 0 ? Op::Delete : Op::Undelete, customer);
        change.life = 1 + static_cast<std::uint32_t>(random_.below(4));
        return {customer, 0, {change}};
      }
      case 5: {
        if (contacts_.empty()) break;
        const auto& [of, contact] = contacts_[random_.below(contacts_.size())];
        return {of,
                0,
                {row_write(kContact, Op::Update, contact,
                           {cell(kPhone, text()), cell(kCount, std::int64_t{2})})}};
      }
      default: break;
    }
    std::vector<CellWrite> cells;
    if (random_.below(2) == 0) cells.push_back(cell(kName, text()));
    if (random_.below(2) == 0) cells.push_back(cell(kPhone, text()));
    cells.push_back(cell(kCount, std::int64_t(random_.below(5))));
    if (random_.below(3) == 0) cells.push_back(cell(kRisk, std::int64_t(random_.below(9))));
    return {customer, 0, {row_write(kCustomer, Op::Update, customer, std::move(cells))}};
  }

  Draft decision() {
    if (random_.below(4) == 0) {
      const RowId user = any(users_);
      return {
          user,
          0,
          {row_write(kStaff, Op::Update, user, {cell(kRole, std::int64_t(1 + random_.below(3)))})}};
    }
    const RowId customer = any(customers_);
    return {customer, 0, {row_write(kCustomer, Op::Update, customer, {cell(kOwner, any(users_))})}};
  }

  SeededRandom random_;
  RowIdMinter minter_{DeviceId{2}, 77};
  std::vector<RowId> customers_, users_;
  std::vector<std::pair<RowId, RowId>> contacts_;
};

// Everything that a step says, as text: so that the first difference is easy to see.
std::string said(const Result<sync::PullResult>& pulled, SigningKey& key) {
  if (!pulled) return std::string(name_of(pulled.error().code));
  const auto page = encode_page(pulled->page, key);
  std::string out = page ? to_hex(*page) : std::string(name_of(page.error().code));
  out += " sub " + std::to_string(pulled->note.sub) + " start " +
         std::to_string(pulled->note.start) + " left " + std::to_string(pulled->note.left);
  for (const auto& run : pulled->note.runs) {
    out += " " + std::to_string(run.dseq) + ">" + std::to_string(run.seq) + "x" +
           std::to_string(run.count);
  }
  for (const auto& flag : pulled->note.flags) out += " !" + std::to_string(flag.dseq);
  return out;
}

std::string pull(Side& side, const History::Step& step, SigningKey& key) {
  sync::PullQuery query;
  query.device = side.devices[step.device]->id;
  query.cursor = side.cursors[step.device];
  query.bytes_max = step.bytes_max;
  query.groups_max = step.groups_max;
  query.now_ms = side.pair.clock.wall_ms();
  const auto pulled = side.pair.store->pull(query);
  sync::Cursor& cursor = side.cursors[step.device];
  if (pulled && pulled->page.reset) cursor = {};
  if (pulled && !pulled->page.reset) {
    cursor.epoch = pulled->page.epoch;
    cursor.base = pulled->page.complete ? pulled->page.pos : pulled->page.base;
    cursor.pos = pulled->page.pos;
    cursor.sub = pulled->note.sub;
    cursor.start = pulled->note.start;
    cursor.pos_hash = pulled->page.pos_hash;
  }
  return said(pulled, key);
}

std::string take(Side& side, const History::Step& step, SigningKey& key) {
  ServerStore& store = *side.pair.store;
  if (step.kind == History::Step::Kind::Pull) return pull(side, step, key);
  if (step.kind == History::Step::Kind::Restore) {
    return store.begin_epoch_after_restore() ? std::to_string(store.epoch()) : "failed";
  }
  if (step.kind == History::Step::Kind::Decide) {
    const auto done = store.author(kServerDevice, step.drafts);
    return done ? std::to_string(done->last_seq) : std::string(name_of(done.error().code));
  }
  BundleMaker& maker = side.makers[step.device];
  const std::uint64_t ago = std::min(store.head(), step.seen_ago.value_or(0));
  maker.has_seen(store.head() - ago);
  const auto done =
      store.append(maker.make(step.drafts), 0, side.pair.clock.wall_ms(), sync::Terms::LostGround);
  return done ? std::to_string(store.head()) : std::string(name_of(done.error().code));
}

// The whole log with its outcomes, the conflicts and the devices.
std::string all_of(ServerStore& store) {
  std::string out;
  const Status read = store.read_log(0, 1'000'000, [&](const ServerStore::LogEntry& e) -> Status {
    out += std::to_string(e.seq) + " " + to_hex(e.order.view()) + " " + std::to_string(e.eff) +
           " " + to_hex(sync::encode_outcome(e.outcome)) + "\n";
    return {};
  });
  const auto conflicts = store.conflicts(1000);
  REQUIRE((read.ok() && conflicts.ok()));
  for (const ConflictCell& cell : *conflicts) {
    out += std::to_string(cell.entity) + " " + std::to_string(number(cell.row)) + " " +
           std::to_string(cell.field) + " x" + std::to_string(cell.values.size()) + "\n";
  }
  const auto devices = store.devices();
  for (const sync::DeviceRecord& device : *devices) {
    out += std::to_string(number(device.id)) + " " + to_hex(device.head_hash.view()) + "\n";
  }
  const auto checked = store.verify_log();
  const auto state = store.state_hash();
  out += state ? to_hex(state->view()) : state.error().detail;
  out += checked ? std::to_string(checked->signatures) : checked.error().detail;
  return out;
}

TEST_CASE("SQLite, PostgreSQL and maps give the same pages for the same history, byte for byte") {
  PostgresProcess* postgres = a_postgres();
  if (postgres == nullptr) return;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    const std::string url = postgres->make_database();
    const auto content = std::make_shared<MemoryServerTables::Content>();
    Side sqlite(nullptr);
    Side other([&]() -> Result<std::unique_ptr<ServerTables>> {
      TRY_ASSIGN(auto tables, postgres::PostgresTables::open(url, bank(), SyncPair::kOrganisation));
      return std::unique_ptr<ServerTables>(std::move(tables));
    });
    Side maps([&]() -> Result<std::unique_ptr<ServerTables>> {
      return std::unique_ptr<ServerTables>(std::make_unique<MemoryServerTables>(bank(), content));
    });
    SeededRandom fixed(5);
    SigningKey key = SigningKey::generate(fixed);
    History history(seed, sqlite);
    std::size_t pulls = 0, pushes = 0;
    for (int i = 0; i < 400; ++i) {
      CAPTURE(i);
      const History::Step step = history.next();
      const std::string wanted = take(maps, step, key);
      REQUIRE(take(sqlite, step, key) == wanted);
      REQUIRE(take(other, step, key) == wanted);
      pulls += step.kind == History::Step::Kind::Pull ? 1 : 0;
      pushes += step.kind == History::Step::Kind::Push ? 1 : 0;
      for (Side* side : {&sqlite, &other, &maps}) side->pair.clock.advance_ms(1000);
    }
    CHECK((pulls > 100 && pushes > 100));
    const std::string wanted = all_of(*maps.pair.store);
    CHECK(all_of(*sqlite.pair.store) == wanted);
    CHECK(all_of(*other.pair.store) == wanted);
  }
}

}  // namespace
}  // namespace banyan::test
