#include "sync-server/demo/organisation.h"

#include <algorithm>

#include "shared/base/place.h"
#include "sync-server/demo/json_reader.h"

namespace banyan::demo {
namespace {

// Metres to micro-degrees, at the latitude of the invented county.
constexpr std::int64_t kNorthMicroPer10m = 90;
constexpr std::int64_t kEastMicroPer10m = 104;

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

Status Organisation::build(std::uint32_t customers, std::uint32_t customers_per_officer,
                           std::uint64_t seed) {
  Dice dice(seed, 1);
  TRY(branches());
  TRY(villages(dice));
  TRY(cast_staff());
  std::uint64_t all = 0;
  for (const BranchPlace& place : lists_.places.branches) all += place.weight;
  for (std::size_t i = 0; i < bank_.branches.size(); ++i) {
    const std::uint64_t share = customers * lists_.places.branches[i].weight / all;
    TRY(branch_staff(i, std::max<std::size_t>(2, share / customers_per_officer), dice));
  }
  return {};
}

Status Organisation::put(RowId row, RowWrite write, std::vector<RowWrite> more) {
  more.insert(more.begin(), std::move(write));
  return batch_.add(row, 0, std::move(more));
}

std::int64_t Organisation::place_at(std::int64_t north_m, std::int64_t east_m) const {
  return cell_of(
      {static_cast<std::int32_t>(lists_.places.latitude_micro + north_m * kNorthMicroPer10m / 10),
       static_cast<std::int32_t>(lists_.places.longitude_micro + east_m * kEastMicroPer10m / 10)});
}

Status Organisation::branches() {
  const Places& places = lists_.places;
  const Choices& kind = pack_.customer_choices.branch_kind;
  const std::int64_t open = 1;
  bank_.province = target_.mint();
  bank_.county = target_.mint();
  TRY(put(bank_.province, pack_.branch.create(bank_.province, {places.province,
                                                               std::string("省联社"),
                                                               kind("province"),
                                                               {},
                                                               places.province_code,
                                                               {},
                                                               {},
                                                               open})));
  TRY(put(bank_.county,
          pack_.branch.create(bank_.county,
                              {places.county, std::string("总行"), kind("county"), bank_.province,
                               places.county_code, places.county_place, place_at(0, 0), open})));
  officers_of_.resize(places.branches.size());
  villages_of_.resize(places.branches.size());
  for (const BranchPlace& b : places.branches) {
    const RowId row = target_.mint();
    const RowId parent = b.parent.empty() ? bank_.county : bank_.branches[branch_named(b.parent)];
    bank_.branches.push_back(row);
    weights_.add(b.weight);
    TRY(put(row,
            pack_.branch.create(
                row, {b.name, b.place, kind(b.parent.empty() ? "branch" : "outlet"), parent, b.code,
                      places.county_place + b.place, place_at(b.north_m, b.east_m), open})));
  }
  return {};
}

std::size_t Organisation::branch_named(const std::string& name) const {
  for (std::size_t i = 0; i < lists_.places.branches.size(); ++i) {
    if (lists_.places.branches[i].name == name) return i;
  }
  return kNoBranch;
}

// Around their branch, on a ring, so that a round of visits is a round.
Status Organisation::villages(Dice& dice) {
  static constexpr std::int64_t kRing[][2] = {{900, 300},       {2'100, -1'900}, {-1'800, 2'300},
                                              {-2'600, -1'200}, {400, 3'300},    {3'100, 1'700}};
  static const Texts kMarketDays{"逢一逢六", "逢二逢七", "逢三逢八", "逢四逢九", "逢五逢十"};
  for (std::size_t b = 0; b < lists_.places.branches.size(); ++b) {
    const BranchPlace& branch = lists_.places.branches[b];
    for (std::size_t v = 0; v < branch.villages.size(); ++v) {
      const std::int64_t north = branch.north_m + kRing[v % 6][0] + dice.between(-200, 200);
      const std::int64_t east = branch.east_m + kRing[v % 6][1] + dice.between(-200, 200);
      const std::optional<Place> place = banyan::place_of(place_at(north, east));
      BANYAN_CHECK(place.has_value());
      Village village{target_.mint(),  branch.villages[v], b,
                      place->lat_udeg, place->lon_udeg,    static_cast<int>(dice.between(4, 9))};
      villages_of_[b].push_back(bank_.villages.size());
      const std::string code =
          lists_.places.county_code + two_digits(b + 1) + "02" + two_digits(v + 1);
      std::vector<RowWrite> crops;
      if (!branch.urban) {
        for (const Word crop : crops_of(bank_.villages.size())) {
          crops.push_back(pack_.village_crops.add(village.row, pack_.customer_choices.crop(crop)));
        }
      }
      TRY(put(village.row,
              pack_.village.create(
                  village.row, {village.name,
                                branch.place,
                                bank_.branches[b],
                                code,
                                branch.urban ? Value{} : Value{std::int64_t{village.teams}},
                                dice.between(180, 640),
                                kMarketDays[(b + v) % kMarketDays.size()],
                                cell_of(*place),
                                {},
                                branch.urban ? Value{} : Value{dice.between(900, 1'500) * 100}}),
              std::move(crops)));
      bank_.villages.push_back(std::move(village));
    }
  }
  return {};
}

Status Organisation::hire(const Person& person, std::size_t officer_branch) {
  const RowId row = target_.mint();
  if (officer_branch != kNoBranch) {
    officers_of_[officer_branch].push_back(bank_.officers.size());
    bank_.officers.push_back({row, officer_branch});
  }
  report_.logins.push_back({person.name, person.no, person.role, person.branch_name, row, 0});
  return put(row, pack_.staff.create(
                      row, {person.name, person.no, person.role, person.branch, person.position,
                            person.area.empty() ? Value{} : Value{person.area}, std::int64_t{1}}));
}

Status Organisation::cast_staff() {
  JsonReader in("cast.json");
  for (const Json& item : in.list(lists_.cast, "staff")) {
    Person p;
    p.name = in.text(item, "name");
    p.no = in.text(item, "staff_no");
    p.role = in.text(item, "role");
    p.position = in.text(item, "position");
    p.area = in.text_or(item, "area", "");
    p.branch_name = in.text(item, "branch");
    const std::size_t branch = branch_named(p.branch_name);
    if (branch == kNoBranch && p.branch_name != lists_.places.county)
      in.wrong("branch", "is no branch");
    TRY(in.status());
    p.branch = branch == kNoBranch ? bank_.county : bank_.branches[branch];
    TRY(hire(p, p.role == "officer" ? branch : kNoBranch));
  }
  return in.status();
}

// A manager, two tellers and the officers; the cast's people fill their places.
Status Organisation::branch_staff(std::size_t branch, std::size_t officers, Dice& dice) {
  const BranchPlace& place = lists_.places.branches[branch];
  const auto taken = [&](const char* role) {
    std::size_t count = 0;
    for (const DemoLogin& login : report_.logins) {
      count += login.branch == place.name && login.role == role ? 1 : 0;
    }
    return count;
  };
  const std::vector<Village> none;
  Numbers no_numbers;
  const People names(lists_, none, no_numbers, bank_.today);
  std::size_t no = 50;
  const auto member = [&](const char* role, const char* position) {
    const bool woman = dice.chance(55);
    const std::int64_t born = bank_.today - dice.between(24 * 365, 54 * 365);
    Person p;
    p.name = names.surname(dice) + names.given_name(born, woman, dice);
    p.no = std::to_string(10 + branch) + std::to_string(no++);
    p.role = role;
    p.position = position;
    p.branch = bank_.branches[branch];
    p.branch_name = place.name;
    if (p.role == "officer") p.area = place.place;
    return hire(p, p.role == "officer" ? branch : kNoBranch);
  };
  if (taken("manager") == 0) TRY(member("manager", place.parent.empty() ? "支行行长" : "主任"));
  for (std::size_t i = taken("teller"); i < 2; ++i) TRY(member("teller", "柜员"));
  for (std::size_t i = taken("officer"); i < officers; ++i) TRY(member("officer", "客户经理"));
  return {};
}

}  // namespace banyan::demo
