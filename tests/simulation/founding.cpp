#include "tests/simulation/founding.h"

#include <array>

#include "shared/storage/server_store.h"
#include "tests/simulation/world.h"

namespace banyan::sim {
namespace {

using enum Person;

// The people that a run plays. Each has the one who sees all, two officers, and a branch.
const std::vector<Person>& cast_of(std::size_t cast) {
  static const std::array<std::vector<Person>, kCasts> kAll{{
      {Headquarters, Anna, Ben, Teller, Anna},
      {Headquarters, Anna, Ben, Teller, Clerk},
      {Headquarters, Anna, Ben, Teller, Partner},
      {Headquarters, Anna, Ben, Clerk, Principal},
  }};
  return kAll[cast];
}

constexpr std::array<std::int64_t, kPeople> kRoles{
    kHeadquarters, kOfficer, kOfficer, kTeller, kTeller, kPartnerRole, kPrincipalRole};

class Founder {
 public:
  Founder(Founding& made, ServerStore& store) : made_(made), store_(store) {}

  void run() {
    for (int i = 0; i < 3; ++i) {
      made_.branches.push_back(add(kBranch, {cell(kName, std::string("b"))}));
    }
    for (std::size_t i = 0; i < kPeople; ++i) {
      const RowId branch = made_.branches[i == static_cast<std::size_t>(Clerk) ? 2 : 0];
      made_.staff.push_back(add(kStaff, {cell(kName, std::string("s")), cell(kRole, kRoles[i]),
                                         cell(kStaffBranchField, branch)}));
    }
    for (std::size_t i = 0; i < 5; ++i) add_customer(i);
    for (std::size_t i = 0; i < 3; ++i) {
      add(kLead, {cell(kName, std::string("l")), cell(kPhone, std::string("1")),
                  cell(kOwner, officer(i)), cell(kHome, made_.branches[i % 2])});
    }
    BANYAN_CHECK(store_.author(kServerDevice, drafts_).ok());
  }

 private:
  RowId officer(std::size_t i) const {
    return made_.staff[static_cast<std::size_t>(i % 2 == 0 ? Anna : Ben)];
  }
  RowId add(std::uint32_t entity, std::vector<CellWrite> cells) {
    const RowId id = store_.mint(kServerDevice);
    drafts_.push_back({id, 0, {write_of(entity, Op::Insert, id, std::move(cells))}});
    return id;
  }
  void add_customer(std::size_t i) {
    std::vector<CellWrite> cells{cell(kName, std::string("c")), cell(kPhone, std::string("1")),
                                 cell(kRisk, static_cast<std::int64_t>(i)),
                                 cell(kOwner, officer(i)), cell(kHome, made_.branches[i % 2])};
    if (i % 2 == 1) cells.push_back(cell(kPartner, made_.staff[static_cast<std::size_t>(Partner)]));
    if (i % 3 == 1)
      cells.push_back(cell(kPrincipal, made_.staff[static_cast<std::size_t>(Principal)]));
    if (i % 2 == 0) cells.push_back(cell(kDesk, made_.branches[2]));
    add(kCustomer, std::move(cells));
  }

  Founding& made_;
  ServerStore& store_;
  std::vector<Draft> drafts_;
};

std::unique_ptr<Database> memory_database() {
  auto opened = Database::open({});
  BANYAN_CHECK(opened.ok());
  return std::move(opened).value();
}

Founding found(std::size_t cast) {
  Founding made;
  const std::int64_t now = kFirstDay;
  const SimClock clock(now);
  SeededRandom random(cast + 1);
  made.server = memory_database();
  auto store = ServerStore::open(*made.server, bank_of(kOldestBank), kOrganisation,
                                 organisation_key(), clock, random);
  BANYAN_CHECK(store.ok());
  Founder(made, **store).run();
  for (const Person person : cast_of(cast)) {
    const auto at = static_cast<std::size_t>(person);
    Seat seat;
    seat.user = made.staff[at];
    seat.role = kRoles[at];
    seat.key = std::make_shared<SigningKey>(SigningKey::generate(random));
    seat.box = std::make_shared<BoxKey>(BoxKey::generate(random));
    const auto id = (*store)->enrol({seat.user, seat.key->verify_key(), seat.box->public_key()});
    BANYAN_CHECK(id.ok());
    seat.id = *id;
    seat.joined = {(*store)->epoch(), (*store)->head()};
    seat.database = memory_database();
    BANYAN_CHECK(Replica::open(*seat.database, bank_of(kOldestBank),
                               {seat.id, seat.user, kOrganisation, seat.joined}, clock, random)
                     .ok());
    made.seats.push_back(std::move(seat));
  }
  return made;
}

}  // namespace

const SigningKey& organisation_key() {
  static const SigningKey kKey = [] {
    SeededRandom random(77);
    return SigningKey::generate(random);
  }();
  return kKey;
}

const BoxKey& headquarters_box() {
  static const BoxKey kBox = [] {
    SeededRandom random(78);
    return BoxKey::generate(random);
  }();
  return kBox;
}

const Founding& founding(std::size_t cast) {
  static std::array<std::unique_ptr<Founding>, kCasts> made;
  if (!made[cast]) made[cast] = std::make_unique<Founding>(found(cast));
  return *made[cast];
}

}  // namespace banyan::sim
