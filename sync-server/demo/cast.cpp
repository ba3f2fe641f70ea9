#include "sync-server/demo/cast.h"

#include <algorithm>

#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

// What the other side calls the same tie.
Word mirror_of(Word kind) {
  if (kind == "child") return "parent";
  if (kind == "parent") return "child";
  if (kind == "guarantor") return "guaranteed";
  if (kind == "guaranteed") return "guarantor";
  if (kind == "supplier") return "buyer";
  if (kind == "buyer") return "supplier";
  return kind;
}

}  // namespace

std::optional<std::int64_t> Cast::optional(const Json& json, std::string_view key) {
  if (json_member(json, key) == nullptr) return std::nullopt;
  return in_.integer(json, key);
}

std::optional<std::int64_t> Cast::optional_day(const Json& json, std::string_view key) {
  const auto days = optional(json, key);
  return days ? std::optional{bank_.today + *days} : std::nullopt;
}

// Points into the cast's JSON, which lives as long as the lists.
Word Cast::word(const Json& json, std::string_view key) {
  const Json* member = json_member(json, key);
  if (member == nullptr) return {};
  const auto text = json_text(*member);
  if (!text) in_.wrong(key, "is no text");
  return text.value_or("");
}

std::size_t Cast::village_named(const std::string& name) {
  for (std::size_t i = 0; i < bank_.villages.size(); ++i) {
    if (bank_.villages[i].name == name) return i;
  }
  in_.wrong("village", "is no village: " + name);
  return 0;
}

Result<std::vector<Customer>> Cast::customers() {
  std::vector<Customer> all;
  const Json& list = in_.list(lists_.cast, "customers");
  for (const Json& json : list) {
    by_key_[in_.text(json, "key")] = all.size();
    all.push_back(person(json));
    members_.push_back({all.back().row, all.back().name});
  }
  TRY(in_.status());
  std::size_t at = 0;
  for (const Json& json : list) relations(json, all[at++], all);
  TRY(in_.status());
  return all;
}

Customer Cast::person(const Json& json) {
  Customer c;
  c.row = target_.mint();
  c.name = in_.text(json, "name");
  c.village = village_named(in_.text(json, "village"));
  c.team = static_cast<int>(in_.integer_or(json, "team", 0));
  c.phone = in_.text(json, "phone");
  c.customer_no = json_member(json, "number") ? in_.text(json, "number") : numbers_.customer_no();
  c.since = bank_.today + in_.integer(json, "since");
  if (json_member(json, "kind")) c.kind = word(json, "kind");
  if (json_member(json, "status")) c.status = word(json, "status");
  for (const auto& [key, field] : {std::pair{"occupation", &c.occupation},
                                   {"education", &c.education},
                                   {"marital", &c.marital},
                                   {"channel", &c.channel},
                                   {"livelihood", &c.livelihood},
                                   {"industry", &c.industry},
                                   {"level", &c.level}}) {
    *field = word(json, key);
  }
  const std::size_t branch = bank_.villages[c.village].branch + 1;
  const std::string area = "9901" + std::string(branch < 10 ? "0" : "") + std::to_string(branch);
  if (const auto age = optional(json, "age")) {
    const Date today = date_of(bank_.today + in_.integer_or(json, "birthday", -150));
    const std::int64_t birthday_past = json_member(json, "birthday") ? 1 : 0;
    c.born_day =
        day_of(today.year - static_cast<int>(*age + birthday_past), today.month, today.day);
    c.gender = word(json, "gender");
    c.id_no = numbers_.id_number(area, *c.born_day, c.gender == "female");
  } else {
    c.id_no = numbers_.credit_code(area);
  }
  const BranchPlace& place = lists_.places.branches[bank_.villages[c.village].branch];
  c.address = lists_.places.county_place + place.place + bank_.villages[c.village].name;
  if (c.team > 0) c.address += std::to_string(c.team) + "组";
  c.income_minor = in_.yuan(json, "income");
  c.land = optional(json, "land");
  c.land_own = optional(json, "land_own");
  c.dependants = optional(json, "dependants");
  c.founded = optional_day(json, "founded");
  c.staff_count = optional(json, "staff_count");
  c.capital_minor = in_.yuan(json, "capital");
  c.contact = in_.text_or(json, "contact", "");
  c.legal_rep = in_.text_or(json, "legal_rep", "");
  c.employer = in_.text_or(json, "employer", "");
  for (const Json& tag : in_.list(json, "tags")) c.tags.push_back(json_text(tag).value_or(""));
  for (const Json& crop : in_.list(json, "crops")) c.crops.push_back(json_text(crop).value_or(""));
  c.consents = {"profile", "visit", "call"};
  for (const Json& item : in_.list(json, "accounts")) c.accounts.push_back(account(item));
  for (const Json& item : in_.list(json, "contacts")) {
    c.contacts.push_back({bank_.today + in_.integer(item, "day"),
                          static_cast<int>(in_.integer(item, "minute")), word(item, "channel"),
                          word(item, "direction"), word(item, "topic"), word(item, "product"),
                          word(item, "outcome"), in_.text(item, "text")});
  }
  for (const Json& item : in_.list(json, "visits")) c.visits.push_back(visit(item));
  for (const Json& item : in_.list(json, "plans")) plan(item, c);
  for (const Json& item : in_.list(json, "tasks")) c.tasks.push_back(task(item));
  for (const Json& item : in_.list(json, "requests")) {
    const std::int64_t day = bank_.today + in_.integer(item, "day");
    c.requests.push_back({word(item, "kind"), word(item, "state"), word(item, "channel"),
                          in_.text(item, "subject"), in_.text(item, "text"), day,
                          optional_day(item, "due").value_or(day + 15)});
  }
  for (const Json& item : in_.list(json, "needs")) {
    c.needs.push_back({word(item, "topic"), word(item, "product"), in_.text(item, "text"),
                       bank_.today + in_.integer(item, "day"), in_.yuan(item, "amount"),
                       optional_day(item, "wanted")});
  }
  for (const Json& item : in_.list(json, "preferences")) {
    c.preferences.push_back(
        {word(item, "topic"), in_.text(item, "text"), bank_.today + in_.integer(item, "day")});
  }
  for (const Json& item : in_.list(json, "documents")) {
    c.papers.push_back({word(item, "kind"), in_.text(item, "name"),
                        bank_.today + in_.integer(item, "day"), optional_day(item, "expires")});
  }
  if (c.level.empty() && !c.accounts.empty()) c.level = level_of(c.assets_minor());
  return c;
}

Account Cast::account(const Json& json) {
  Account a;
  a.product = word(json, "product");
  const std::string tail = in_.text(json, "tail");
  const bool has_card = a.product == "current" || a.product == "card";
  a.number = has_card ? numbers_.card(tail) : numbers_.passbook(tail);
  a.opened = bank_.today + in_.integer(json, "opened");
  a.due = optional_day(json, "due");
  a.amount_minor = in_.yuan(json, "amount");
  a.balance_minor = in_.yuan(json, "balance");
  if (json_member(json, "status")) a.status = word(json, "status");
  a.overdue_days = optional(json, "overdue_days");
  a.overdue_minor = in_.yuan(json, "overdue_amount");
  a.next_due = optional_day(json, "next_due");
  a.next_minor = in_.yuan(json, "next_amount");
  for (const Json& item : in_.list(json, "txns")) {
    a.movements.push_back(
        {bank_.today + in_.integer(item, "day"), static_cast<int>(in_.integer(item, "minute")),
         in_.yuan(item, "amount").value_or(0), word(item, "kind"), word(item, "channel"),
         in_.text(item, "text"), in_.text_or(item, "counterparty", "")});
  }
  std::stable_sort(a.movements.begin(), a.movements.end(), [](const auto& x, const auto& y) {
    return std::pair(x.day, x.minute) < std::pair(y.day, y.minute);
  });
  return a;
}

VisitDone Cast::visit(const Json& json) {
  VisitDone v;
  v.day = bank_.today + in_.integer(json, "day");
  v.minute = static_cast<int>(in_.integer(json, "minute"));
  v.minutes = static_cast<int>(in_.integer(json, "minutes"));
  v.purpose = word(json, "purpose");
  v.product = word(json, "product");
  v.outcome = word(json, "outcome");
  v.note = in_.text(json, "note");
  v.next_step = in_.text_or(json, "next_step", "");
  v.next_on = optional_day(json, "next");
  v.land = optional(json, "land");
  v.income_per_mu_minor = in_.yuan(json, "income_per_mu");
  return v;
}

// A stop with "done" is behind the officer as soon as its time has passed.
void Cast::plan(const Json& json, Customer& customer) {
  VisitPlanned p;
  p.row = target_.mint();
  p.day = bank_.today + in_.integer(json, "day");
  p.minute = static_cast<int>(in_.integer(json, "minute"));
  p.stop = static_cast<int>(in_.integer(json, "stop"));
  p.purpose = word(json, "purpose");
  p.product = word(json, "product");
  p.note = in_.text(json, "note");
  const auto minutes = optional(json, "done");
  if (minutes && time_at(p.day, p.minute + *minutes) <= bank_.now_ms) {
    p.state = "done";
    VisitDone v;
    v.day = p.day;
    v.minute = p.minute;
    v.minutes = static_cast<int>(*minutes);
    v.purpose = p.purpose;
    v.product = p.product;
    v.outcome = word(json, "outcome");
    v.note = in_.text(json, "visit_note");
    v.plan = p.row;
    customer.visits.push_back(std::move(v));
  }
  customer.plans.push_back(std::move(p));
}

Task Cast::task(const Json& json) {
  Task t;
  t.title = in_.text(json, "title");
  t.text = in_.text_or(json, "text", "");
  t.day = bank_.today + in_.integer(json, "day");
  t.minute = optional(json, "minute");
  t.amount_minor = in_.yuan(json, "amount");
  t.kind = word(json, "kind");
  t.priority = word(json, "priority");
  t.source = word(json, "source");
  if (const auto done = optional(json, "done")) {
    if (time_at(t.day, *done) <= bank_.now_ms) t.done_ms = time_at(t.day, *done);
  }
  return t;
}

// The tie and its mirror in the other's record.
void Cast::relations(const Json& json, Customer& from, std::vector<Customer>& all) {
  for (const Json& item : in_.list(json, "relations")) {
    const auto other = by_key_.find(in_.text(item, "to"));
    if (other == by_key_.end()) {
      in_.wrong("to", "names nobody of the cast");
      return;
    }
    Customer& to = all[other->second];
    Relation r;
    r.row = target_.mint();
    r.other = to.row;
    r.other_name = to.name;
    r.kind = word(item, "kind");
    r.note = in_.text_or(item, "note", "");
    r.guarantee = word(item, "guarantee");
    r.amount_minor = in_.yuan(item, "amount");
    r.until = optional_day(item, "until");
    Relation mirror = r;
    mirror.row = target_.mint();
    mirror.mirror_of = r.row;
    mirror.other = from.row;
    mirror.other_name = from.name;
    mirror.kind = mirror_of(r.kind);
    from.relations.push_back(std::move(r));
    to.relations.push_back(std::move(mirror));
  }
}

Result<std::vector<Group>> Cast::groups() {
  std::vector<Group> groups;
  for (const Json& json : in_.list(lists_.cast, "groups")) {
    Group g;
    g.row = target_.mint();
    g.name = in_.text(json, "name");
    g.village = village_named(in_.text(json, "village"));
    g.formed = bank_.today + in_.integer(json, "formed");
    g.signed_on = bank_.today + in_.integer(json, "signed");
    g.ends = bank_.today + in_.integer(json, "ends");
    const std::vector<std::string> members = in_.texts(json, "members");
    g.amount_minor = in_.yuan(json, "amount").value_or(0) /
                     static_cast<std::int64_t>(std::max<std::size_t>(1, members.size()));
    for (const std::string& key : members) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) {
        in_.wrong("members", "names nobody of the cast");
        break;
      }
      g.members.push_back(members_[found->second]);
    }
    groups.push_back(std::move(g));
  }
  TRY(in_.status());
  return groups;
}

Result<std::vector<Task>> Cast::tasks() {
  std::vector<Task> tasks;
  for (const Json& json : in_.list(lists_.cast, "tasks")) tasks.push_back(task(json));
  TRY(in_.status());
  return tasks;
}

}  // namespace banyan::demo
