#include "sync-server/demo/work.h"

#include <algorithm>

#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

const Account* open_loan_of(const Customer& customer) {
  for (const Account& account : customer.accounts) {
    if (account.product.ends_with("loan") && account.status != "closed") return &account;
  }
  return nullptr;
}

const Account* deposit_due(const Customer& customer, std::int64_t until) {
  for (const Account& account : customer.accounts) {
    if (account.product.starts_with("term") && account.due && *account.due <= until) {
      return &account;
    }
  }
  return nullptr;
}

bool fits(Word product, const Customer& customer) {
  if (product.empty()) return true;
  if (product == "rice_cover") return !customer.crops.empty();
  if (product == "farm_loan") return customer.land.has_value() || customer.occupation == "breeder";
  if (product == "business_loan") return customer.livelihood == "trade";
  return true;
}

// The first phrase from a random one on that suits the customer.
const Phrase& suiting(const std::vector<Phrase>& phrases, const Customer& customer, Dice& dice) {
  const std::size_t start = static_cast<std::size_t>(dice.below(phrases.size()));
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const Phrase& phrase = phrases[(start + i) % phrases.size()];
    if (fits(phrase.word("product"), customer)) return phrase;
  }
  return phrases[start];
}

struct Reason {
  Word purpose, product;
  std::string note;
};

// Why an officer would go there now.
Reason reason_of(const Customer& customer, std::int64_t today, Dice& dice) {
  const Account* loan = open_loan_of(customer);
  if (loan != nullptr && loan->status == "overdue")
    return {"collection", loan->product, "上门催收·本期利息"};
  if (loan != nullptr && loan->due && *loan->due <= today + 45)
    return {"renewal", loan->product, "续贷面谈"};
  if (const Account* deposit = deposit_due(customer, today + 20))
    return {"maturity", deposit->product, "存单到期"};
  if (loan != nullptr) return {"after_loan", loan->product, "贷后检查"};
  if (customer.kind != "person") return {"credit", "business_loan", "授信调查"};
  if (dice.chance(50)) return {"product", "mobile", "介绍手机银行"};
  return {"care", {}, "关怀走访"};
}

}  // namespace

Work::Work(const Lists& lists, const std::vector<Village>& villages, WorkShares shares,
           std::int64_t now_ms)
    : lists_(lists),
      villages_(villages),
      shares_(shares),
      now_ms_(now_ms),
      today_(today_of(now_ms)) {}

void Work::fill(Customer& customer, Officer& officer, Dice& dice) {
  if (dice.chance(shares_.contact_percent)) {
    contacts(customer, dice);
    visits(customer, dice);
    if (dice.chance(shares_.detail_percent)) {
      knowledge(customer, dice);
      papers(customer, dice);
      requests(customer, dice);
    }
  }
  if (dice.chance(shares_.detail_percent)) crops(customer, dice);
  plans(customer, officer, dice);
  tasks(customer, officer, dice);
  tag_by_silence(customer);
}

// A weekday so many days back: nobody visits on Sunday.
std::int64_t Work::workday(std::int64_t days_ago) const {
  const std::int64_t day = today_ - days_ago;
  return weekday_of(day) == 0 ? day - 1 : day;
}

void Work::contacts(Customer& customer, Dice& dice) {
  const std::int64_t count = dice.between(1, 3);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t day = workday(dice.between(1, 300));
    if (day < customer.since) continue;
    const Phrase& phrase = suiting(lists_.phrases.interactions, customer, dice);
    customer.contacts.push_back({day, static_cast<int>(dice.between(8 * 60, 18 * 60)),
                                 phrase.word("channel"), phrase.word("direction"),
                                 phrase.word("topic"), phrase.word("product"),
                                 phrase.word("outcome"), dice.pick(phrase.texts)});
  }
}

const Phrase& Work::visit_phrase(Word purpose, std::int64_t day, Dice& dice) {
  const Word season = season_of(day);
  const auto& phrases = lists_.phrases.visits;
  const std::size_t start = static_cast<std::size_t>(dice.below(phrases.size()));
  const Phrase* found = nullptr;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const Phrase& phrase = phrases[(start + i) % phrases.size()];
    if (phrase.word("purpose") != purpose) continue;
    if (phrase.word("season") == season || phrase.word("season") == "any") return phrase;
    found = &phrase;
  }
  return found != nullptr ? *found : phrases[start];
}

void Work::visits(Customer& customer, Dice& dice) {
  const Account* loan = open_loan_of(customer);
  if (loan == nullptr && !dice.chance(35)) return;
  const std::int64_t count = loan != nullptr ? dice.between(1, 3) : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    VisitDone visit;
    visit.day = workday(dice.between(2, 240));
    if (visit.day < customer.since || (loan != nullptr && visit.day < loan->opened)) continue;
    visit.minute = static_cast<int>(dice.between(8 * 60 + 20, 17 * 60));
    visit.minutes = static_cast<int>(dice.between(8, 45));
    visit.purpose = loan != nullptr ? "after_loan" : dice.chance(60) ? "care" : "product";
    const Phrase& phrase = visit_phrase(visit.purpose, visit.day, dice);
    visit.outcome = phrase.word("outcome");
    visit.note = dice.pick(phrase.texts);
    if (loan != nullptr) visit.product = loan->product;
    if (customer.land) visit.land = customer.land;
    customer.visits.push_back(std::move(visit));
  }
}

// A few stops today and on the next working days, reasons first.
void Work::plans(Customer& customer, Officer& officer, Dice& dice) {
  const bool urgent =
      open_loan_of(customer) != nullptr || deposit_due(customer, today_ + 20) != nullptr;
  if (!urgent && !dice.chance(12)) return;
  static constexpr int kMinutes[] = {510, 585, 660, 840, 915, 990};
  const bool today = officer.visits_today < shares_.today_max;
  if (!today && officer.visits_later >= shares_.later_max) return;

  const std::uint32_t no = today ? officer.visits_today++ : officer.visits_later++;
  Reason reason = reason_of(customer, today_, dice);
  VisitPlanned plan;
  plan.day = today ? today_ : workday_after(today_, static_cast<int>(no / 3) + 1);
  plan.stop = static_cast<int>(today ? no : no % 3) + 1;
  plan.minute = kMinutes[static_cast<std::size_t>(plan.stop - 1) % std::size(kMinutes)];
  plan.purpose = reason.purpose;
  plan.product = reason.product;
  plan.note = std::move(reason.note);
  customer.plans.push_back(std::move(plan));
}

// Two overdue, three today, the rest in the days to come.
void Work::tasks(Customer& customer, Officer& officer, Dice& dice) {
  const Account* loan = open_loan_of(customer);
  const bool overdue = loan != nullptr && loan->status == "overdue";
  const bool renewal = loan != nullptr && loan->due && *loan->due <= today_ + 45;
  const int percent = officer.tasks < 4 ? 35 : 8;  // everybody has something to do
  if (officer.tasks >= shares_.tasks_max || !(overdue || renewal || dice.chance(percent))) return;

  const Word wanted = overdue ? "collection" : renewal ? "follow_up" : Word{};
  const auto& phrases = lists_.phrases.tasks;
  const Phrase* phrase = &dice.pick(phrases);
  for (const Phrase& candidate : phrases) {
    if (candidate.word("kind") == wanted) phrase = &candidate;
  }
  // Without such a loan there is nothing to collect.
  if (!overdue && phrase->word("kind") == "collection") phrase = &phrases.back();
  const std::uint32_t no = officer.tasks++;
  Task task;
  task.title = phrase->word("title");
  const std::size_t at = task.title.find("{name}");
  if (at != std::string::npos) task.title.replace(at, 6, customer.name);
  task.day = no < 2 ? today_ - dice.between(1, 4) : no < 5 ? today_ : today_ + dice.between(1, 9);
  if (no >= 2 && no < 5) task.minute = dice.between(10, 18) * 60;
  task.kind = phrase->word("kind");
  task.priority = phrase->word("priority");
  task.source = phrase->word("source");
  if (overdue) task.amount_minor = loan->overdue_minor;
  customer.tasks.push_back(std::move(task));
}

void Work::knowledge(Customer& customer, Dice& dice) {
  const Phrase& need = suiting(lists_.phrases.needs, customer, dice);
  customer.needs.push_back({need.word("topic"),
                            need.word("product"),
                            dice.pick(need.texts),
                            today_ - dice.between(3, 200),
                            {},
                            {}});
  if (need.word("topic") == "loan") {
    customer.needs.back().amount_minor = dice.between(1, 20) * 1'000'000;
    customer.needs.back().wanted_on = today_ + dice.between(5, 90);
  }
  const Phrase& habit = dice.pick(lists_.phrases.preferences);
  customer.preferences.push_back(
      {habit.word("topic"), dice.pick(habit.texts), today_ - dice.between(3, 400)});
}

void Work::papers(Customer& customer, Dice& dice) {
  const bool firm = customer.kind != "person";
  customer.papers.push_back({firm ? "licence" : "id_card", firm ? "营业执照" : "身份证正反面",
                             customer.since, customer.id_expires});
  if (customer.land && dice.chance(50)) {
    customer.papers.push_back({"land", "土地承包证", today_ - dice.between(30, 900), {}});
  }
  if (const Account* loan = open_loan_of(customer)) {
    customer.papers.push_back({"contract", "借款合同", loan->opened, loan->due});
  }
}

void Work::requests(Customer& customer, Dice& dice) {
  if (!dice.chance(18)) return;
  const Phrase& phrase = suiting(lists_.phrases.requests, customer, dice);
  Request request;
  request.kind = phrase.word("kind");
  request.subject = phrase.word("subject");
  request.text = phrase.word("text");
  request.day = today_ - dice.between(0, 120);
  request.due_day = workday_after(request.day, 5);
  request.state = request.due_day < today_ ? "done" : dice.chance(50) ? "working" : "new";
  request.channel = customer.channel == "app" ? "app" : "counter";
  customer.requests.push_back(std::move(request));
}

void Work::crops(Customer& customer, Dice& dice) {
  if (!customer.land || customer.crops.empty()) return;
  const Date date = date_of(today_);
  for (std::size_t i = 0; i < customer.crops.size(); ++i) {
    CropPlan plan;
    plan.crop = customer.crops[i];
    const bool winter = plan.crop == "wheat" || plan.crop == "rapeseed";
    plan.season = winter ? "winter" : "spring";
    plan.year = date.year;
    plan.land = i == 0 ? *customer.land : std::max<std::int64_t>(*customer.land / 2, 5);
    plan.income_per_mu_minor = dice.between(winter ? 500 : 1'100, winter ? 800 : 1'600) * 100;
    plan.sown_on = winter ? day_of(date.year - 1, 10, 20) : day_of(date.year, 4, 25);
    plan.harvest_on = winter ? day_of(date.year, 6, 5) : day_of(date.year, 9, 28);
    customer.crop_plans.push_back(plan);
  }
}

void Work::tag_by_silence(Customer& customer) const {
  std::int64_t newest = INT64_MIN;
  for (const Contact& contact : customer.contacts) newest = std::max(newest, contact.day);
  for (const VisitDone& visit : customer.visits) newest = std::max(newest, visit.day);
  if (newest != INT64_MIN && newest < today_ - 30) customer.tags.push_back("silent");
}

}  // namespace banyan::demo
