#include "tests/simulation/bank.h"

#include <map>

namespace banyan::sim {
namespace {

using namespace banyan::test::bank_parts;

// Classes of readers beside kEverybody (the bank's own people) and kInside (headquarters).
constexpr std::uint32_t kPartners = 4, kPrincipals = 8;
constexpr std::uint32_t kOurs = kEverybody | kInside;

Field seen_by(Field field, std::uint32_t visible) {
  field.visible = visible;
  return field;
}

Entity grown_staff() {
  Entity e = staff();
  for (Field& f : e.fields) {
    if (f.name != "role") continue;
    for (const auto& [name, no] :
         {std::pair{"partner", kPartnerRole}, std::pair{"principal", kPrincipalRole}}) {
      Choice choice;
      choice.name = name;
      choice.no = no;
      f.choices.push_back(choice);
    }
  }
  return e;
}

Entity grown_customer(std::uint32_t number) {
  Entity e = customer();
  for (Field& f : e.fields) {
    if (f.name == "phone") f.visible = kOurs | kPrincipals;
    if (f.name == "note") f.visible = kOurs;
    if (f.name == "tags") f.visible = kOurs | kPartners;
  }
  e.fields.push_back(reference("partner", kPartner, "staff"));
  e.fields.push_back(reference("principal", kPrincipal, "staff"));
  e.fields.push_back(reference("desk", kDesk, "branch"));
  e.fields.push_back(seen_by(field("story", kStory, FieldType::Text, Merge::Text), kOurs));
  e.scopes = {"owner", "home", "co_owner", "partner", "principal", "desk"};
  if (number >= 8) {
    e.fields.push_back(field("mail", 15, FieldType::Text, Merge::Register));
    e.fields.push_back(seen_by(field("alias", 16, FieldType::Text, Merge::Guarded), kOurs));
    e.fields.push_back(field("labels", 17, FieldType::Int, Merge::Set));
    e.fields.push_back(field("plan", 20, FieldType::Text, Merge::Text));
  }
  if (number >= 9) e.fields.push_back(field("points", 18, FieldType::Int, Merge::Counter));
  return e;
}

Entity grown_contact(std::uint32_t number) {
  Entity e = contact();
  for (Field& f : e.fields) {
    if (f.name == "phone") f.visible = kOurs | kPrincipals;
  }
  if (number >= 8) e.fields.push_back(field("mail", 5, FieldType::Text, Merge::Register));
  return e;
}

Entity lead(std::uint32_t number) {
  Entity e = entity("lead", kLead, "lead");
  e.fields = {field("name", kName, FieldType::Text, Merge::Register),
              field("phone", kPhone, FieldType::Phone, Merge::Guarded),
              field("calls", kCount, FieldType::Int, Merge::Counter),
              field("tags", kTags, FieldType::Int, Merge::Set),
              field("score", kScore, FieldType::Int, Merge::Guarded, kInside),
              reference("owner", kOwner, "staff"),
              reference("home", kHome, "branch")};
  e.scopes = {"owner", "home"};
  if (number >= 9) e.fields.push_back(field("mail", 15, FieldType::Text, Merge::Guarded));
  return e;
}

Entity task() {
  Entity e = entity("task", kTask, "lead");
  e.fields = {field("name", kName, FieldType::Text, Merge::Register),
              field("due", 2, FieldType::Date, Merge::Register),
              field("tries", kCount, FieldType::Int, Merge::Counter)};
  return e;
}

Entity memo() {
  Entity e = entity("memo", kMemo, "customer");
  e.fact = true;
  e.fields = {field("text", kText, FieldType::Text, Merge::Register)};
  return e;
}

Entity deal() {
  Entity e = entity("deal", kDeal, "customer");
  e.fields = {field("name", kName, FieldType::Text, Merge::Register),
              field("phone", kPhone, FieldType::Phone, Merge::Guarded),
              field("tags", kTags, FieldType::Int, Merge::Set)};
  return e;
}

Role grown(Role role, std::uint32_t number) {
  const std::uint32_t all = kRead | kCreate | kUpdate | kDelete;
  for (const char* name : {"lead", "task"}) role.rights[name] = all;
  if (number >= 8) role.rights["memo"] = kRead | kCreate;
  if (number >= 9) role.rights["deal"] = all;
  return role;
}

// People outside the bank: they see a part of what they have a share in.
Role outsider(std::string name, std::uint32_t mask, std::uint32_t rights) {
  Role r;
  r.name = std::move(name);
  r.mask = mask;
  r.scope = "own";
  r.rights = {{"staff", kRead}, {"branch", kRead}, {"customer", rights}, {"contact", kRead}};
  return r;
}

Catalogue make(std::uint32_t number) {
  CatalogueBuilder builder;
  builder.add(grown_staff()).add(branch()).add(grown_customer(number)).add(visit());
  builder.add(grown_contact(number)).add(lead(number)).add(task());
  if (number >= 8) builder.add(memo());
  if (number >= 9) builder.add(deal());
  builder.add(grown(role("officer", kEverybody, "own", true), number));
  builder.add(grown(role("teller", kEverybody, "branch", false), number));
  builder.add(grown(role("headquarters", kOurs, "all", true), number));
  builder.add(outsider("partner", kPartners, kRead | kUpdate));
  builder.add(outsider("principal", kPrincipals, kRead));
  return builder.build(number);
}

}  // namespace

const Catalogue& bank_of(std::uint32_t number) {
  static std::map<std::uint32_t, Catalogue> made;
  const auto found = made.find(number);
  return found != made.end() ? found->second : made.emplace(number, make(number)).first->second;
}

}  // namespace banyan::sim
