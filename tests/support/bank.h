// A little bank for tests of the engine and for the simulator: its catalogue and
// the numbers in it, made in code so that no pack can change under the tests.
#pragma once

#include <string>
#include <utility>

#include "shared/catalogue/builder.h"
#include "shared/catalogue/catalogue.h"

namespace banyan::test {

// Entities.
inline constexpr std::uint32_t kStaff = 1, kBranch = 2, kCustomer = 3, kVisit = 4, kContact = 5,
                               kLoan = 20, kTie = 21;

// Fields. Those of customer and contact with one number have one meaning.
inline constexpr std::uint32_t kName = 1;                             // Register
inline constexpr std::uint32_t kPhone = 2;                            // Guarded
inline constexpr std::uint32_t kCount = 3;                            // Counter
inline constexpr std::uint32_t kTags = 4;                             // Set
inline constexpr std::uint32_t kNote = 5;                             // Register
inline constexpr std::uint32_t kRisk = 6;                             // Register, headquarters only
inline constexpr std::uint32_t kScore = 7;                            // Guarded, headquarters only
inline constexpr std::uint32_t kOwner = 8, kHome = 9, kCoOwner = 10;  // Machine: the scopes
inline constexpr std::uint32_t kLevel = 11;                           // Derived
inline constexpr std::uint32_t kText = 1, kSecret = 2;                // of a visit
inline constexpr std::uint32_t kRole = 2, kStaffBranchField = 3;      // of staff

inline constexpr std::uint32_t kSameAs = 30;  // Machine: of a customer
// Of a loan, whose state the server decides.
inline constexpr std::uint32_t kAmount = 1, kState = 2, kReason = 3, kDecidedOn = 4;
inline constexpr std::int64_t kAskedFor = 1, kApproved = 2, kPaid = 3, kRefused = 4;
// Of a tie between two customers, which the server mirrors.
inline constexpr std::uint32_t kTieTo = 1, kTieKind = 2, kTieNote = 3, kTieOf = 4;
inline constexpr std::int64_t kGuarantor = 1, kGuaranteed = 2, kSpouse = 3;

inline constexpr std::int64_t kOfficer = 1, kTeller = 2, kHeadquarters = 3;  // choices of kRole

namespace bank_parts {

inline constexpr std::uint32_t kEverybody = 1, kInside = 2;  // classes of readers

inline Field field(std::string name, std::uint32_t no, FieldType type, Merge merge,
                   std::uint32_t visible = ~0U) {
  Field f;
  f.name = std::move(name);
  f.no = no;
  f.type = type;
  f.merge = merge;
  f.visible = visible;
  return f;
}

inline Field reference(std::string name, std::uint32_t no, std::string to) {
  Field f = field(std::move(name), no, FieldType::Ref, Merge::Machine);
  f.ref = std::move(to);
  return f;
}

inline Entity entity(std::string name, std::uint32_t no, std::string aggregate) {
  Entity e;
  e.name = std::move(name);
  e.no = no;
  e.aggregate = std::move(aggregate);
  return e;
}

inline Choice choice(std::string name, std::int64_t no, std::string opposite = {}) {
  Choice c;
  c.name = std::move(name);
  c.no = no;
  c.opposite = std::move(opposite);
  return c;
}

inline Move move_to(std::vector<std::string> from, std::string to,
                    std::vector<std::string> roles = {}, std::vector<std::string> needs = {},
                    std::string guard = {}) {
  return {std::move(from),  std::move(to),    {}, std::move(needs),
          std::move(roles), std::move(guard), {}};
}

inline Entity staff() {
  Entity e = entity("staff", kStaff, "staff");
  e.reference = true;
  Field role = field("role", kRole, FieldType::Enum, Merge::Machine);
  role.choices = {choice("officer", kOfficer), choice("teller", kTeller),
                  choice("headquarters", kHeadquarters)};
  e.fields = {field("name", kName, FieldType::Text, Merge::Register), role,
              reference("branch", kStaffBranchField, "branch")};
  return e;
}

inline Entity customer() {
  Entity e = entity("customer", kCustomer, "customer");
  e.fields = {field("name", kName, FieldType::Text, Merge::Register),
              field("phone", kPhone, FieldType::Phone, Merge::Guarded),
              field("visits", kCount, FieldType::Int, Merge::Counter),
              field("tags", kTags, FieldType::Int, Merge::Set),
              field("note", kNote, FieldType::Text, Merge::Register),
              field("risk", kRisk, FieldType::Int, Merge::Register, kInside),
              field("score", kScore, FieldType::Int, Merge::Guarded, kInside),
              reference("owner", kOwner, "staff"),
              reference("home", kHome, "branch"),
              reference("co_owner", kCoOwner, "staff"),
              field("level", kLevel, FieldType::Int, Merge::Derived)};
  e.fields.push_back(reference("same_as", kSameAs, "customer"));
  for (Field& f : e.fields) {
    if (f.merge == Merge::Machine) f.roles = {"headquarters"};
  }
  e.scopes = {"owner", "home", "co_owner"};
  return e;
}

inline Entity contact() {
  Entity e = entity("contact", kContact, "customer");
  e.fields = {field("name", kName, FieldType::Text, Merge::Register),
              field("phone", kPhone, FieldType::Phone, Merge::Guarded),
              field("calls", kCount, FieldType::Int, Merge::Counter),
              field("tags", kTags, FieldType::Int, Merge::Set)};
  return e;
}

inline Entity loan() {
  Entity e = entity("loan", kLoan, "customer");
  Field state = field("state", kState, FieldType::Enum, Merge::Machine);
  state.choices = {choice("asked", kAskedFor), choice("approved", kApproved), choice("paid", kPaid),
                   choice("refused", kRefused)};
  state.initial = "'asked'";
  e.fields = {field("amount", kAmount, FieldType::Int, Merge::Register), state,
              field("reason", kReason, FieldType::Text, Merge::Derived),
              field("decided_on", kDecidedOn, FieldType::Date, Merge::Register)};
  e.machine = {"state",
               {move_to({"asked"}, "approved", {}, {"decided_on"}, "amount <= 1000"),
                move_to({"approved"}, "paid", {"officer", "headquarters"}),
                move_to({"asked", "approved"}, "refused", {"headquarters"}, {"reason"})}};
  return e;
}

inline Entity tie() {
  Entity e = entity("tie", kTie, "customer");
  Field to = field("other", kTieTo, FieldType::Ref, Merge::Register);
  to.ref = "customer";
  Field of = field("mirror_of", kTieOf, FieldType::Ref, Merge::Derived);
  of.ref = "tie";
  Field kind = field("kind", kTieKind, FieldType::Enum, Merge::Register);
  kind.choices = {choice("guarantor", kGuarantor, "guaranteed"),
                  choice("guaranteed", kGuaranteed, "guarantor"), choice("spouse", kSpouse)};
  e.fields = {to, kind, field("note", kTieNote, FieldType::Text, Merge::Register), of};
  e.mirror = {"mirror_of", "other", {"kind"}};
  return e;
}

inline Entity visit() {
  Entity e = entity("visit", kVisit, "customer");
  e.fact = true;
  e.fields = {field("text", kText, FieldType::Text, Merge::Register),
              field("secret", kSecret, FieldType::Text, Merge::Register, kInside)};
  return e;
}

inline Entity branch() {
  Entity e = entity("branch", kBranch, "branch");
  e.reference = true;
  e.fields = {field("name", kName, FieldType::Text, Merge::Register)};
  return e;
}

inline Role role(std::string name, std::uint32_t mask, std::string scope, bool visits) {
  Role r;
  r.name = std::move(name);
  r.mask = mask;
  r.scope = std::move(scope);
  const std::uint32_t all = kRead | kCreate | kUpdate | kDelete;
  r.rights = {{"staff", kRead}, {"branch", kRead}, {"customer", all},
              {"contact", all}, {"loan", all},     {"tie", all}};
  if (visits) r.rights["visit"] = all;
  return r;
}

}  // namespace bank_parts

inline const Catalogue& bank() {
  static const Catalogue made = [] {
    using namespace bank_parts;
    CatalogueBuilder builder;
    builder.add(staff()).add(branch()).add(customer()).add(visit()).add(contact());
    builder.add(loan()).add(tie());
    builder.add(role("officer", kEverybody, "own", true));
    builder.add(role("teller", kEverybody, "branch", false));
    builder.add(role("headquarters", kEverybody | kInside, "all", true));
    return builder.build(7);
  }();
  return made;
}

}  // namespace banyan::test
