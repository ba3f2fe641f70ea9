#include "sync-server/demo/people.h"

#include <algorithm>

#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

struct Share {
  Word word;
  int percent;
};

Word pick(std::initializer_list<Share> shares, Dice& dice) {
  std::int64_t at = dice.between(0, 99);
  for (const Share& share : shares) {
    if ((at -= share.percent) < 0) return share.word;
  }
  return (shares.end() - 1)->word;
}

Word livelihood_of(Word occupation) {
  if (occupation == "farmer") return "crops";
  if (occupation == "breeder") return "livestock";
  if (occupation == "merchant") return "trade";
  if (occupation == "driver") return "transport";
  if (occupation == "retired") return "pension";
  if (occupation == "student" || occupation == "home") return "other";
  return "wages";
}

std::int64_t income_of(Word occupation, Dice& dice) {
  const auto yuan = [&](std::int64_t low, std::int64_t high) {
    return dice.between(low / 1000, high / 1000) * 100'000;
  };
  if (occupation == "farmer") return yuan(22'000, 90'000);
  if (occupation == "breeder") return yuan(40'000, 260'000);
  if (occupation == "merchant") return yuan(50'000, 320'000);
  if (occupation == "driver" || occupation == "migrant") return yuan(48'000, 130'000);
  if (occupation == "retired" || occupation == "home") return yuan(3'000, 24'000);
  if (occupation == "student") return yuan(1'000, 6'000);
  return yuan(36'000, 110'000);
}

std::string replaced(std::string text, std::string_view mark, const std::string& by) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.replace(at, mark.size(), by);
}

}  // namespace

std::vector<Word> crops_of(std::size_t village) {
  static const std::vector<std::vector<Word>> kMixes{
      {"rice", "rapeseed"}, {"rice", "wheat"},    {"vegetables", "rice"}, {"fruit", "maize"},
      {"tea", "potato"},    {"rice", "fish"},     {"wheat", "maize"},     {"cotton", "rapeseed"},
      {"herbs", "maize"},   {"peanut", "soybean"}};
  return kMixes[village % kMixes.size()];
}

std::string People::surname(Dice& dice) const {
  return lists_.names.surnames[lists_.names.weights.pick(dice)];
}

std::string People::given_name(std::int64_t born_day, bool woman, Dice& dice) const {
  const int year = date_of(born_day).year;
  const Generation* generation = &lists_.names.generations.back();
  for (const Generation& g : lists_.names.generations) {
    if (year <= g.born_to) {
      generation = &g;
      break;
    }
  }
  const Generation::Given& given = woman ? generation->female : generation->male;
  if (dice.chance(generation->one_character_percent)) return dice.pick(given.single);
  const std::string& first = dice.pick(given.first);
  const std::string& second = dice.pick(given.second);
  return first == second ? first : first + second;
}

void People::identify(Customer& person, std::int64_t born_day, bool woman) {
  person.born_day = born_day;
  person.gender = woman ? "female" : "male";
  person.id_no = numbers_.id_number(area(person.village), born_day, woman);
}

std::string People::area(std::size_t village) const {
  const std::size_t no = villages_[village].branch + 1;
  return "9901" + std::string(no < 10 ? "0" : "") + std::to_string(no);
}

bool People::urban(std::size_t village) const {
  return lists_.places.branches[villages_[village].branch].urban;
}

std::int64_t People::age_of(const Customer& person) const {
  return (today_ - person.born_day.value_or(today_)) * 100 / 36'525;
}

std::int64_t People::born(std::int64_t age_low, std::int64_t age_high, Dice& dice) const {
  return today_ - dice.between(age_low * 36'525 / 100 + 1, age_high * 36'525 / 100 + 364);
}

void People::occupy(Customer& person, Dice& dice) const {
  const std::int64_t age = age_of(person);
  if (age < 19) {
    person.occupation = "student";
  } else if (age >= 68) {
    person.occupation = "retired";
  } else if (urban(person.village)) {
    person.occupation = pick({{"worker", 22},
                              {"employee", 18},
                              {"merchant", 22},
                              {"teacher", 7},
                              {"medical", 5},
                              {"official", 8},
                              {"driver", 7},
                              {"craft", 5},
                              {"home", 6}},
                             dice);
  } else {
    person.occupation = pick({{"farmer", 45},
                              {"breeder", 8},
                              {"migrant", 20},
                              {"worker", 9},
                              {"merchant", 8},
                              {"driver", 4},
                              {"craft", 3},
                              {"home", 3}},
                             dice);
  }
  person.livelihood = livelihood_of(person.occupation);
  person.income_minor = income_of(person.occupation, dice);
  if (person.occupation == "farmer") {
    person.land_own = dice.between(20, 160);  // tenths of a mu
    person.land = *person.land_own + (dice.chance(22) ? dice.between(100, 700) : 0);
    person.crops = crops_of(person.village);
    if (*person.land > 300) person.tags.push_back("big_grower");
  } else if (person.occupation == "breeder") {
    person.crops = {dice.chance(50) ? "pigs" : dice.chance(50) ? "poultry" : "fish"};
    if (*person.income_minor > 15'000'000) person.tags.push_back("big_breeder");
  } else if (person.occupation == "migrant") {
    person.tags.push_back("migrant");
  } else if (person.occupation == "merchant") {
    person.tags.push_back("merchant");
  }
}

void People::describe(Customer& person, Dice& dice) const {
  const std::int64_t age = age_of(person);
  person.phone = numbers_.phone();
  person.customer_no = numbers_.customer_no();
  person.channel = age > 60   ? pick({{"visit", 40}, {"counter", 45}, {"phone", 15}}, dice)
                   : age < 35 ? pick({{"app", 60}, {"chat", 25}, {"phone", 15}}, dice)
                              : pick({{"phone", 40}, {"counter", 25}, {"app", 35}}, dice);
  person.education =
      age > 60   ? pick({{"none", 15}, {"primary", 60}, {"middle", 25}}, dice)
      : age > 35 ? pick({{"primary", 25}, {"middle", 50}, {"high", 18}, {"college", 7}}, dice)
                 : pick({{"middle", 30}, {"high", 30}, {"college", 25}, {"bachelor", 15}}, dice);
  person.since = std::max(today_ - dice.between(60, 6'000), *person.born_day + 16 * 365);
  person.since = std::min(person.since, today_ - 30);
  person.id_expires = age >= 46 ? std::nullopt : std::optional{today_ + dice.between(20, 6'500)};
  person.source = pick({{"branch", 55}, {"village", 30}, {"referral", 10}, {"campaign", 5}}, dice);
  person.consents = {"profile"};
  if (dice.chance(60)) person.consents.push_back("visit");
  if (dice.chance(40)) person.consents.push_back("call");
  if (dice.chance(25)) person.consents.push_back("sms");
  if (dice.chance(25)) person.consents.push_back("bureau");
  const Village& village = villages_[person.village];
  person.address =
      lists_.places.county_place + lists_.places.branches[village.branch].place + village.name;
  if (person.team > 0) person.address += std::to_string(person.team) + "组";
  person.address += std::to_string(dice.between(1, 90)) + "号";
}

Customer People::adult(const std::string& surname, std::int64_t born_day, bool woman,
                       std::size_t village, int team, Dice& dice) {
  Customer person;
  person.village = village;
  person.team = team;
  person.name = surname + given_name(born_day, woman, dice);
  identify(person, born_day, woman);
  occupy(person, dice);
  describe(person, dice);
  return person;
}

void People::add(Household& home, Customer person, Word role, int customer_percent,
                 Dice& dice) const {
  const bool away = person.occupation == "migrant";
  home.members.push_back({person.name, {}, role, *person.born_day, away});
  if (age_of(person) < 16 || !dice.chance(customer_percent)) return;
  home.members.back().customer = RowId{-static_cast<std::int64_t>(home.customers.size()) - 1};
  home.income_minor += person.income_minor.value_or(0);
  home.customers.push_back(std::move(person));
}

Household People::household(std::size_t village, Dice& dice) {
  Household home;
  const int team = urban(village) ? 0 : static_cast<int>(dice.between(1, villages_[village].teams));
  const std::string family = surname(dice);
  const std::int64_t head_born = born(26, 76, dice);
  Customer head = adult(family, head_born, dice.chance(14), village, team, dice);
  const std::int64_t head_age = age_of(head);
  const bool woman = head.gender == "female";
  const bool married = head_age > 28 && dice.chance(87);
  head.marital = married         ? "married"
                 : head_age < 34 ? "single"
                 : head_age > 66 ? "widowed"
                                 : "divorced";
  add(home, std::move(head), "head", 100, dice);

  std::int64_t mother_born = head_born;
  if (married) {
    mother_born = std::min(head_born + dice.between(-700, 1'500), today_ - 22 * 366);
    Customer spouse = adult(surname(dice), mother_born, !woman, village, team, dice);
    spouse.marital = "married";
    add(home, std::move(spouse), "spouse", 62, dice);
  }
  const std::int64_t children = married ? dice.between(0, 2) : 0;
  for (std::int64_t i = 0; i < children; ++i) {
    const std::int64_t child_born = mother_born + dice.between(21 * 365, 34 * 365);
    if (child_born > today_ - 30) continue;
    Customer child = adult(family, child_born, dice.chance(48), village, team, dice);
    child.marital = "single";
    add(home, std::move(child), "child", 38, dice);
  }
  if (head_age < 57 && dice.chance(42)) {
    const std::int64_t parent_born = head_born - dice.between(22 * 365, 33 * 365);
    Customer parent = adult(dice.chance(60) ? family : surname(dice), parent_born, dice.chance(58),
                            village, team, dice);
    parent.marital = dice.chance(60) ? "married" : "widowed";
    add(home, std::move(parent), "parent", 55, dice);
  }
  home.customers.front().dependants = static_cast<std::int64_t>(home.members.size()) - 1;
  return home;
}

Customer People::firm(std::size_t village, Dice& dice) {
  Customer firm;
  firm.village = village;
  firm.kind = pick({{"sole", 70}, {"coop", 18}, {"company", 12}}, dice);
  const std::string owner = surname(dice);
  const std::string& place = villages_[village].name;
  const std::size_t tail = place.ends_with("村") ? std::string_view("村").size() : 0;
  std::string name = dice.pick(lists_.phrases.of_firms(firm.kind));
  name = replaced(std::move(name), "{s}", owner);
  name = replaced(std::move(name), "{v}", place.substr(0, place.size() - tail));
  firm.name = replaced(std::move(name), "{w}", dice.pick(lists_.phrases.of_firms("words")));
  firm.id_no = numbers_.credit_code(area(village));
  firm.legal_rep = owner + given_name(today_ - 45 * 365, dice.chance(30), dice);
  firm.contact = firm.legal_rep;
  firm.founded = today_ - dice.between(300, 7'000);
  firm.since = std::min(*firm.founded + dice.between(10, 200), today_ - 20);
  firm.staff_count = firm.kind == "sole" ? dice.between(1, 6) : dice.between(8, 90);
  firm.capital_minor =
      dice.between(firm.kind == "sole" ? 2 : 30, firm.kind == "sole" ? 30 : 600) * 1'000'000;
  firm.industry = firm.kind == "coop" ? "farming"
                                      : pick({{"wholesale", 45},
                                              {"catering", 20},
                                              {"food", 15},
                                              {"transport", 10},
                                              {"building", 10}},
                                             dice);
  firm.livelihood = "trade";
  firm.phone = numbers_.phone();
  firm.customer_no = numbers_.customer_no();
  firm.channel = "phone";
  firm.tags = {"merchant"};
  firm.consents = {"profile", "visit", "call"};
  firm.address =
      lists_.places.county_place + lists_.places.branches[villages_[village].branch].place + place;
  return firm;
}

}  // namespace banyan::demo
