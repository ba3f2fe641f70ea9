#include "sync-server/demo/money.h"

#include <algorithm>

#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

constexpr std::int64_t kYuan = 100;

bool is(const Customer& customer, Word occupation) { return customer.occupation == occupation; }

bool earns_wages(const Customer& c) {
  return is(c, "worker") || is(c, "employee") || is(c, "teacher") || is(c, "medical") ||
         is(c, "official");
}

Account* loan_of(Customer& customer) {
  for (Account& account : customer.accounts) {
    if (account.product.ends_with("loan")) return &account;
  }
  return nullptr;
}

}  // namespace

Word level_of(std::int64_t assets_minor) {
  if (assets_minor >= 600'000 * kYuan) return "platinum";
  if (assets_minor >= 200'000 * kYuan) return "gold";
  return assets_minor >= 50'000 * kYuan ? "silver" : "regular";
}

const Product& Money::product(Word key) const {
  static const Product kNone;
  const auto found = products_.find(key);
  return found == products_.end() ? kNone : found->second;
}

const std::string& Money::text(std::string_view kind, Dice& dice) const {
  return dice.pick(lists_.phrases.of_money(kind));
}

Account& Money::open(Customer& customer, Word key, std::int64_t opened) {
  Account account;
  account.product = key;
  account.opened = opened;
  const bool has_card = key == "current" || key == "card";
  account.number = has_card ? numbers_.card() : numbers_.passbook();
  customer.accounts.push_back(std::move(account));
  return customer.accounts.back();
}

void Money::equip(Customer& customer, Dice& dice) {
  open(customer, "current", customer.since);
  savings(customer, dice);
  loan(customer, dice);
  others(customer, dice);
  if (dice.chance(active_percent_)) {
    year(customer, dice);
  } else {
    customer.accounts.front().balance_minor = dice.between(10, 1'500'000);
    if (dice.chance(25)) {
      customer.accounts.front().status = "dormant";
      customer.status = "dormant";
    }
  }
  customer.level = level_of(customer.assets_minor());
}

// The older and the better off, the more in term deposits.
void Money::savings(Customer& customer, Dice& dice) {
  const std::int64_t income = customer.income_minor.value_or(8'000'000);
  const bool old = customer.born_day && today_ - *customer.born_day > 55 * 365;
  if (!dice.chance(old ? 52 : 30)) return;
  const std::int64_t deposits = dice.chance(25) ? 2 : 1;
  for (std::int64_t i = 0; i < deposits; ++i) {
    const Word key = dice.chance(45) ? "term_1y" : dice.chance(70) ? "term_3y" : "term_3m";
    const auto months = static_cast<int>(product(key).months);
    const std::int64_t term_days = std::max<std::int64_t>(months, 1) * 30;
    const std::int64_t opened = std::max(customer.since, today_ - dice.between(1, term_days));
    Account& deposit = open(customer, key, opened);
    deposit.due = std::max(add_months(opened, months), today_ + 1);
    const std::int64_t thousands = std::max<std::int64_t>(1, income / 300'000);
    deposit.amount_minor = dice.between(1, 2 + thousands * 2) * 5'000 * kYuan;
    deposit.balance_minor = deposit.amount_minor;
  }
}

void Money::loan(Customer& customer, Dice& dice) {
  const Date date = date_of(today_);
  const bool farms = is(customer, "farmer") || is(customer, "breeder");
  const bool firm = customer.kind != "person";
  const bool trades = is(customer, "merchant") || firm;
  if (!dice.chance(farms ? 30 : trades ? 34 : 4)) return;

  const Word key = trades ? "business_loan" : farms ? "farm_loan" : "house_loan";
  // Farming loans are paid out in April; a part at any time, so that some fall
  // due soon whenever the demo is looked at.
  const int april_year = date.month >= 4 ? date.year : date.year - 1;
  std::int64_t paid_out = day_of(april_year, 4, static_cast<int>(dice.between(1, 28)));
  const std::int64_t months = std::max<std::int64_t>(1, product(key).months);
  if (!farms || dice.chance(30) || paid_out > today_) {
    paid_out = today_ - dice.between(10, std::min<std::int64_t>(months * 30 - 5, 700));
  }
  const std::int64_t step = trades ? 20'000 : farms ? 10'000 : 50'000;
  lend(customer, key, dice.between(1, trades ? 15 : 12) * step * kYuan,
       std::max(paid_out, customer.since), dice);
}

void Money::lend_in_group(Customer& customer, std::int64_t amount_minor, Dice& dice) {
  if (loan_of(customer) != nullptr) return;
  lend(customer, "group_loan", amount_minor,
       std::max(customer.since, today_ - dice.between(20, 330)), dice);
}

void Money::lend(Customer& customer, Word key, std::int64_t amount_minor, std::int64_t paid_out,
                 Dice& dice) {
  Account& loan = open(customer, key, paid_out);
  loan.amount_minor = amount_minor;
  loan.due = add_months(paid_out, static_cast<int>(std::max<std::int64_t>(1, product(key).months)));
  const Date date = date_of(today_);
  const bool harvest_paid = date.month >= 11 || date.month <= 2;
  const bool repaid = key == "farm_loan" && harvest_paid && dice.chance(45);
  if (repaid) {
    const int year = date.month >= 11 ? date.year : date.year - 1;
    const std::int64_t day = day_of(year, 11, static_cast<int>(dice.between(3, 28)));
    if (day > paid_out && day <= today_) {
      loan.balance_minor = 0;
      loan.status = "closed";
      loan.closed = day;
      return;
    }
  }
  loan.balance_minor = -amount_minor;
  const std::int64_t quarter = day_of(date.year, (date.month + 2) / 3 * 3, 21);
  loan.next_due = std::min(quarter > today_ ? quarter : add_months(quarter, 3), *loan.due);
  loan.next_minor = amount_minor * product(key).rate_bp / 10'000 / 4;
  if (dice.chance(2)) {
    loan.status = "overdue";
    loan.overdue_days = dice.between(1, 70);
    loan.overdue_minor = *loan.next_minor;
    loan.next_due = today_ - *loan.overdue_days;
    customer.tags.push_back("overdue");
  } else if (*loan.due <= today_ + 45) {
    loan.next_minor = *loan.next_minor + amount_minor;
    loan.next_due = *loan.due;
    customer.tags.push_back("renewal");
  }
}

void Money::others(Customer& customer, Dice& dice) {
  const bool grows_rice =
      std::find(customer.crops.begin(), customer.crops.end(), "rice") != customer.crops.end();
  if (grows_rice && customer.land && dice.chance(35)) {
    const std::int64_t opened = today_ - dice.between(5, 200);
    Account& cover = open(customer, "rice_cover", opened);
    cover.due = add_months(opened, 8);
    cover.amount_minor = *customer.land * 120 * kYuan;  // 1,200 yuan a mu
  }
  if (customer.kind == "person" && dice.chance(6)) {
    const std::int64_t opened = today_ - dice.between(1, 85);
    Account& wealth = open(customer, "wealth_90", opened);
    wealth.due = opened + 90;
    wealth.balance_minor = dice.between(1, 12) * 10'000 * kYuan;
  }
  if ((earns_wages(customer) || is(customer, "merchant")) && dice.chance(20)) {
    Account& card = open(customer, "card", today_ - dice.between(30, 1'500));
    card.balance_minor = -dice.between(0, 900'000);
  }
}

void Money::year(Customer& customer, Dice& dice) {
  std::vector<Movement> movements;
  for (int months = -12; months <= 0; ++months) {
    month(customer, month_start(today_, months), movements, dice);
  }
  repayments(customer, movements);
  settle(customer.accounts.front(), std::move(movements), dice);
}

void Money::month(const Customer& customer, std::int64_t first_day, std::vector<Movement>& out,
                  Dice& dice) {
  const int month = date_of(first_day).month;
  const auto on = [&](int day) { return first_day + day - 1; };
  if (is(customer, "retired")) {
    out.push_back({on(10),
                   480,
                   dice.between(178, 262) * kYuan,
                   "pension",
                   "auto",
                   text("pension", dice),
                   {}});
  }
  if (earns_wages(customer)) {
    const std::int64_t wage = customer.income_minor.value_or(6'000'000) / 12;
    out.push_back({on(15), 500, wage / 1'000 * 1'000, "salary", "auto", text("salary", dice), {}});
  }
  const bool sends_home = month == 1 || month == 5 || month == 9;
  if (is(customer, "migrant") && sends_home) {
    const std::int64_t sum =
        dice.between(month == 1 ? 15 : 4, month == 1 ? 42 : 12) * 1'000 * kYuan;
    out.push_back({on(18), 720, sum, "transfer_in", "app", text("remittance", dice), {}});
  }
  farming(customer, month, first_day, out, dice);
  everyday(customer, month, first_day, out, dice);
}

// Spring: subsidy and inputs. June: wheat and rapeseed. October: rice.
void Money::farming(const Customer& customer, int month, std::int64_t first_day,
                    std::vector<Movement>& out, Dice& dice) {
  const auto on = [&](std::int64_t day) { return first_day + day - 1; };
  const std::int64_t land = customer.land.value_or(0);  // tenths of a mu
  if (land > 0 && month == 4) {
    out.push_back({on(16),
                   540,
                   customer.land_own.value_or(0) * 12 * kYuan,
                   "subsidy",
                   "auto",
                   text("subsidy", dice),
                   {}});
  }
  if (land > 0 && (month == 3 || month == 6)) {
    out.push_back({on(dice.between(4, 26)),
                   660,
                   -land * dice.between(18, 34) * kYuan,
                   "card",
                   "card",
                   text("inputs", dice),
                   {}});
  }
  const bool summer_crop = !customer.crops.empty() && customer.crops.back() != "fish";
  if (land > 0 && (month == 10 || (month == 6 && summer_crop))) {
    const std::int64_t per_tenth = month == 10 ? dice.between(105, 148) : dice.between(38, 60);
    out.push_back({on(dice.between(8, 27)), 640, land * per_tenth * kYuan, "sale", "auto",
                   text("grain", dice), lists_.places.county_place + "中心粮站"});
  }
  if (is(customer, "breeder") && month % 3 == 0) {
    out.push_back({on(dice.between(3, 26)),
                   600,
                   dice.between(12, 90) * 1'000 * kYuan,
                   "sale",
                   "auto",
                   text("stock", dice),
                   {}});
    out.push_back({on(dice.between(3, 26)),
                   690,
                   -dice.between(6, 40) * 1'000 * kYuan,
                   "transfer_out",
                   "app",
                   text("inputs", dice),
                   {}});
  }
}

void Money::everyday(const Customer& customer, int month, std::int64_t first_day,
                     std::vector<Movement>& out, Dice& dice) {
  const auto day = [&] { return first_day + dice.between(0, 27); };
  const auto minute = [&] { return static_cast<int>(dice.between(7 * 60, 20 * 60)); };
  const auto spend = [&](std::string_view kind, std::int64_t low, std::int64_t high, Word what,
                         Word channel) {
    if (!dice.chance(routine_percent_)) return;
    out.push_back({day(),
                   minute(),
                   -dice.between(low * 10, high * 10) * kYuan / 10,
                   what,
                   channel,
                   text(kind, dice),
                   {}});
  };
  const bool young = customer.channel == "app" || customer.channel == "chat";
  spend("bills", 30, 190, "household", young ? "app" : "auto");
  spend("bills", 20, 90, "household", young ? "app" : "counter");
  spend("cash", 300, 2'000, "withdrawal", young ? "atm" : "agent");
  if (young) {
    spend("market", 15, 320, "card", "app");
    spend("market", 15, 600, "card", "card");
  }
  if (month == 1) spend("feast", 800, 6'000, "withdrawal", "counter");
  if (month == 9 || month == 2)
    spend("school", 800, 5'600, "transfer_out", young ? "app" : "counter");
  if (month == 11) spend("medical", 380, 1'900, "household", "counter");
  if (is(customer, "merchant") || customer.kind != "person") {
    for (int week = 0; week < 3; ++week) {
      if (!dice.chance(routine_percent_)) continue;
      out.push_back({day(),
                     minute(),
                     dice.between(600, 12'000) * kYuan,
                     "sale",
                     "app",
                     text("shop", dice),
                     {}});
    }
  }
}

// Paying out, interest at the end of each quarter, and principal in the end.
void Money::repayments(const Customer& customer, std::vector<Movement>& out) {
  for (const Account& loan : customer.accounts) {
    if (!loan.product.ends_with("loan") || !loan.amount_minor) continue;
    const std::int64_t interest = *loan.amount_minor * product(loan.product).rate_bp / 10'000 / 4;
    out.push_back({loan.opened, 630, *loan.amount_minor, "loan_out", "auto", "贷款发放", {}});
    out.push_back({loan.opened + 1,
                   680,
                   -*loan.amount_minor / 10 * 9,
                   "transfer_out",
                   "counter",
                   "购生产资料",
                   {}});
    const std::int64_t until = loan.closed.value_or(today_);
    for (int months = -12; months <= 0; ++months) {
      const Date first = date_of(month_start(today_, months));
      const std::int64_t day = day_of(first.year, first.month, 21);
      if (first.month % 3 != 0 || day <= loan.opened || day > until) continue;
      out.push_back({day, 120, -interest, "repayment", "auto", "贷款还息", {}});
    }
    if (loan.closed)
      out.push_back(
          {*loan.closed, 610, -*loan.amount_minor, "repayment", "counter", "贷款还本", {}});
  }
}

// Puts the movements in order and drops what the balance would not bear.
void Money::settle(Account& current, std::vector<Movement> movements, Dice& dice) const {
  std::erase_if(movements, [&](const Movement& m) {
    return m.day > today_ || m.day < today_ - 365 || m.day < current.opened || m.amount_minor == 0;
  });
  std::stable_sort(movements.begin(), movements.end(), [](const Movement& a, const Movement& b) {
    return std::pair(a.day, a.minute) < std::pair(b.day, b.minute);
  });
  std::int64_t balance = dice.between(50'000, 2'500'000);
  std::int64_t lowest_repayment = 0;  // what the bank books by itself is always paid
  for (const Movement& m : movements) {
    if (m.kind == "repayment") lowest_repayment += -m.amount_minor;
  }
  balance += lowest_repayment;
  current.movements.reserve(movements.size());
  for (Movement& m : movements) {
    const bool bears = balance + m.amount_minor >= 0;
    if (!bears) continue;
    balance += m.amount_minor;
    current.movements.push_back(std::move(m));
  }
  current.balance_minor = balance;
}

}  // namespace banyan::demo
