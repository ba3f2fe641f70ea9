#include "sync-server/demo/writer.h"

#include "shared/base/place.h"
#include "sync-server/demo/calendar.h"

namespace banyan::demo {
namespace {

Value value(const std::optional<std::int64_t>& number) { return number ? Value{*number} : Value{}; }
Value value(const std::string& text) { return text.empty() ? Value{} : Value{text}; }
Value value(RowId row) { return row == kNoRow ? Value{} : Value{row}; }

// 32 bytes that stand for a scan which the demo does not have: a fingerprint
// like any other, so that the list shows it and its file counts as not fetched.
std::string fingerprint(RowId row) {
  std::string bytes;
  std::uint64_t x = static_cast<std::uint64_t>(number(row)) * 0x9E3779B97F4A7C15ULL;
  while (bytes.size() < 32) {
    x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9ULL;
    bytes.push_back(static_cast<char>(x >> 56));
  }
  return bytes;
}

// A few hundred metres around the village's middle, the same for the same row.
std::int64_t scattered_place(const Village& village, RowId row) {
  const std::uint64_t x = static_cast<std::uint64_t>(number(row)) * 0x9E3779B97F4A7C15ULL;
  const auto offset = [](std::uint64_t bits) {
    return static_cast<std::int64_t>(bits % 12'000) - 6'000;
  };
  return cell_of({static_cast<std::int32_t>(village.latitude_micro + offset(x >> 40)),
                  static_cast<std::int32_t>(village.longitude_micro + offset(x >> 20 & 0xFFFFF))});
}

}  // namespace

RowId Bank::product_row(Word key) const {
  const auto found = seeds.find("product/" + std::string(key));
  return found == seeds.end() ? kNoRow : found->second;
}

Value Writer::product(Word key) const {
  return key.empty() ? Value{} : value(bank_.product_row(key));
}

Value Writer::place_of(const Customer& c) const {
  return scattered_place(bank_.villages[c.village], c.row);
}

Status Writer::customer(Customer& c) {
  Rows rows;
  head(c, rows);
  accounts(c, rows);
  relations(c, rows);
  knowledge(c, rows);
  contacts(c, rows);
  visits(c, rows);
  requests(c, rows);
  papers(c, rows);
  ++report_.customers;
  const Officer& officer = bank_.officers[c.officer];
  TRY(batch_.add(c.row, static_cast<std::uint64_t>(number(officer.row)), std::move(rows)));
  for (const Task& t : c.tasks) TRY(task(t, c.row, officer));
  return {};
}

void Writer::head(const Customer& c, Rows& rows) const {
  const auto& of = pack_.customer_choices;
  const bool customer_yet = !c.accounts.empty();
  rows.push_back(pack_.customer.create(
      c.row, {c.name,
              of.kind(c.kind),
              value(c.id_no),
              value(c.phone),
              value(c.address),
              staff_of(c),
              branch_of(bank_.officers[c.officer]),
              of.status(c.status),
              of.level(c.level),
              of.gender(c.gender),
              value(c.born_day),
              of.occupation(c.occupation),
              of.education(c.education),
              of.marital(c.marital),
              of.channel(c.channel),
              pack_.choices.id_kind(c.id_no.empty()             ? ""
                                    : c.id_no.starts_with("99") ? "resident"
                                                                : "credit_code"),
              value(c.id_expires),
              value(c.employer),
              value(c.income_minor),
              place_of(c),
              value(c.customer_no),
              of.source(c.source),
              c.since,
              customer_yet ? Value{c.assets_minor()} : Value{},
              c.owed_minor() != 0 ? Value{c.owed_minor()} : Value{},
              customer_yet ? Value{bank_.figures_at_ms} : Value{},
              value(c.contact),
              value(c.legal_rep),
              value(c.founded),
              of.industry(c.industry),
              value(c.staff_count),
              value(c.capital_minor),
              value(c.dependants),
              bank_.villages[c.village].row,
              c.team > 0 ? Value{std::int64_t{c.team}} : Value{},
              value(c.land),
              value(c.land_own),
              of.livelihood(c.livelihood)}));
  for (const Word tag : c.tags) {
    const auto found = bank_.seeds.find("tag/" + std::string(tag));
    if (found != bank_.seeds.end()) rows.push_back(pack_.tags.add(c.row, found->second));
  }
  for (const Word consent : c.consents)
    rows.push_back(pack_.consents.add(c.row, of.consent(consent)));
  for (const Word crop : c.crops) rows.push_back(pack_.crops.add(c.row, of.crop(crop)));
}

void Writer::accounts(Customer& c, Rows& rows) {
  for (Account& a : c.accounts) {
    if (a.row == kNoRow) a.row = target_.mint();
    const auto known = bank_.products.find(a.product);
    const std::int64_t rate = known == bank_.products.end() ? 0 : known->second.rate_bp;
    rows.push_back(pack_.account.create(
        a.row, {product(a.product), a.number, value(a.balance_minor), bank_.figures_at_ms,
                pack_.choices.account_status(a.status), a.opened, value(a.closed),
                rate != 0 ? Value{rate} : Value{}, value(a.due), value(a.amount_minor),
                std::string("CNY"), branch_of(bank_.officers[c.officer]), value(a.overdue_days),
                value(a.overdue_minor), value(a.next_due), value(a.next_minor)}));
    ++report_.accounts;
  }
  for (const Account& a : c.accounts) movements(a, rows);
}

// Balances run backwards from today's, so that the newest one is the account's.
void Writer::movements(const Account& account, Rows& rows) {
  std::int64_t balance = account.balance_minor.value_or(0);
  for (const Movement& m : account.movements) balance -= m.amount_minor;
  for (const Movement& m : account.movements) {
    balance += m.amount_minor;
    rows.push_back(pack_.txn.create(
        target_.mint(), {account.row, m.day, m.amount_minor, balance,
                         pack_.choices.txn_kind(m.kind), pack_.choices.txn_channel(m.channel),
                         value(m.text), value(m.counterparty), time_at(m.day, m.minute)}));
    ++report_.transactions;
  }
}

void Writer::contacts(const Customer& c, Rows& rows) {
  const auto& of = pack_.choices;
  for (const Contact& contact : c.contacts) {
    rows.push_back(pack_.interaction.create(
        target_.mint(),
        {of.contact_channel(contact.channel), of.direction(contact.direction),
         time_at(contact.day, contact.minute), staff_of(c), product(contact.product), contact.text,
         of.outcome(contact.outcome), of.topic(contact.topic)}));
    ++report_.interactions;
  }
}

void Writer::visits(Customer& c, Rows& rows) {
  const auto& of = pack_.choices;
  for (VisitPlanned& plan : c.plans) {
    if (plan.row == kNoRow) plan.row = target_.mint();
    rows.push_back(pack_.visit_plan.create(
        plan.row, {plan.day, std::int64_t{plan.minute}, of.visit_purpose(plan.purpose), staff_of(c),
                   of.plan_state(plan.state), std::int64_t{plan.stop}, value(plan.note),
                   product(plan.product), place_of(c)}));
  }
  for (const VisitDone& visit : c.visits) {
    const bool absent = visit.outcome == "absent";
    rows.push_back(pack_.visit.create(
        target_.mint(),
        {value(visit.plan), staff_of(c), time_at(visit.day, visit.minute), place_of(c),
         std::int64_t{8}, of.visit_purpose(visit.purpose), value(visit.note),
         of.visit_outcome(visit.outcome), value(visit.next_step), value(visit.next_on),
         time_at(visit.day, visit.minute + visit.minutes), of.met(absent ? "nobody" : "self"),
         product(visit.product), value(visit.land), value(visit.income_per_mu_minor)}));
    ++report_.interactions;
  }
}

void Writer::knowledge(const Customer& c, Rows& rows) {
  const auto& of = pack_.choices;
  for (const Preference& p : c.preferences) {
    rows.push_back(pack_.preference.create(
        target_.mint(), {of.preference_topic(p.topic), p.text, of.knowledge("said"), p.day}));
  }
  for (const Need& n : c.needs) {
    rows.push_back(pack_.need.create(
        target_.mint(),
        {of.need_topic(n.topic), n.text, of.knowledge("said"), n.day, value(n.amount_minor),
         value(n.wanted_on), product(n.product), of.need_state("open")}));
  }
  for (const CropPlan& plan : c.crop_plans) {
    rows.push_back(pack_.crop_plan.create(
        target_.mint(), {pack_.customer_choices.crop(plan.crop), plan.year, of.season(plan.season),
                         plan.land, plan.income_per_mu_minor, plan.sown_on, plan.harvest_on}));
  }
}

void Writer::requests(const Customer& c, Rows& rows) {
  const auto& of = pack_.choices;
  for (const Request& r : c.requests) {
    const bool done = r.state == "done";
    const RowId row = target_.mint();
    rows.push_back(pack_.request.create(
        row, {"R" + std::to_string(number(row) & 0xFFFFFF), of.request_kind(r.kind), r.subject,
              r.text, of.request_state(r.state), time_at(r.day, 620), time_at(r.due_day, 1050),
              of.txn_channel(r.channel), staff_of(c),
              done ? Value{time_at(r.due_day - 1, 900)} : Value{},
              of.priority(r.kind == "complaint" ? "high" : "normal")}));
  }
}

void Writer::papers(const Customer& c, Rows& rows) {
  for (const Paper& paper : c.papers) {
    const RowId row = target_.mint();
    const std::int64_t bytes = 90'000 + number(row) % 60'000;
    rows.push_back(pack_.document.create(
        row, {pack_.choices.document(paper.kind), fingerprint(row), std::string("image/jpeg"),
              bytes, paper.name, time_at(paper.day, 640), value(paper.expires), staff_of(c)}));
  }
}

void Writer::relations(Customer& c, Rows& rows) {
  for (Relation& r : c.relations) {
    if (r.row == kNoRow) r.row = target_.mint();
    rows.push_back(pack_.relation.create(
        r.row, {value(r.other), r.other_name, pack_.choices.relation(r.kind), value(r.note),
                value(r.mirror_of), pack_.choices.guarantee(r.guarantee), value(r.amount_minor),
                value(r.until)}));
  }
}

Status Writer::task(const Task& task, RowId customer, const Officer& officer) {
  const auto& of = pack_.choices;
  const RowId row = target_.mint();
  Rows rows;
  rows.push_back(pack_.task.create(
      row, {task.title, value(customer), officer.row, branch_of(officer), task.day,
            value(task.minute), of.task_state(task.done_ms ? "done" : "open"),
            of.priority(task.priority), of.task_kind(task.kind), of.task_source(task.source),
            value(task.text), value(task.done_ms), value(task.amount_minor)}));
  ++report_.tasks;
  return batch_.add(row, static_cast<std::uint64_t>(number(officer.row)), std::move(rows));
}

Status Writer::household(Household& home) {
  const Customer& head = home.customers.front();
  const Officer& officer = bank_.officers[head.officer];
  Rows rows;
  rows.push_back(pack_.household.create(
      home.row,
      {head.name, head.row, officer.row, branch_of(officer), value(head.address), place_of(head),
       value(std::optional{home.income_minor}),
       pack_.choices.house(head.team > 0 ? "own" : "bought"), bank_.villages[head.village].row,
       head.team > 0 ? Value{std::int64_t{head.team}} : Value{}}));
  for (const Member& member : home.members) {
    rows.push_back(pack_.household_member.create(
        target_.mint(),
        {member.name, value(member.customer), pack_.choices.member_role(member.role),
         member.born_day, std::int64_t{member.away ? 1 : 0}}));
  }
  return batch_.add(home.row, static_cast<std::uint64_t>(number(officer.row)), std::move(rows));
}

Status Writer::group(const Group& group) {
  const Officer& officer = bank_.officers[group.officer];
  const auto total = static_cast<std::int64_t>(group.members.size()) * group.amount_minor;
  Rows rows;
  rows.push_back(pack_.guarantee_group.create(
      group.row, {group.name, officer.row, branch_of(officer), bank_.villages[group.village].row,
                  group.members.front().customer, group.formed, total,
                  pack_.choices.group_state("active"), group.signed_on, group.ends}));
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    rows.push_back(pack_.group_member.create(
        target_.mint(), {group.members[i].name, group.members[i].customer,
                         pack_.choices.group_role(i == 0 ? "leader" : "member"), group.formed,
                         group.amount_minor}));
  }
  return batch_.add(group.row, static_cast<std::uint64_t>(number(officer.row)), std::move(rows));
}

}  // namespace banyan::demo
