#include "sync-server/demo/demo_pack.h"

namespace banyan::demo {

Choices::Choices(const Catalogue& catalogue, std::string_view entity, std::string_view field,
                 std::optional<Error>& missing)
    : field_(std::string(entity) + "." + std::string(field)), missing_(&missing) {
  const Entity* found = catalogue.entity(entity);
  const Field* f = found != nullptr ? found->field(field) : nullptr;
  if (f == nullptr) return;
  for (const Choice& choice : f->choices) by_name_.emplace(choice.name, choice.no);
}

Value Choices::operator()(std::string_view name) const {
  if (name.empty()) return {};
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  if (missing_ != nullptr && !*missing_) {
    *missing_ =
        fail(ErrorCode::Invalid, "packs: " + field_ + " has no choice " + std::string(name));
  }
  return {};
}

DemoPack::DemoPack(const Catalogue& catalogue) : in(catalogue) {
  branch = in.shape("branch",
                    {"name", "short_name", "kind", "parent", "code", "address", "place", "open"});
  staff = in.shape("staff", {"name", "staff_no", "role", "branch", "position", "area", "active"});
  village = in.shape("village", {"name", "township", "branch", "code", "teams", "households",
                                 "market_days", "place", "leader", "income_per_mu"});
  customer = in.shape(
      "customer",
      {"name",    "kind",     "id_no",       "phone",      "address",    "owner",     "branch",
       "status",  "level",    "gender",      "birth_date", "occupation", "education", "marital",
       "channel", "id_kind",  "id_expires",  "employer",   "income",     "place",     "customer_no",
       "source",  "since",    "assets",      "loans",      "figures_at", "contact",   "legal_rep",
       "founded", "industry", "staff_count", "capital",    "dependants", "village",   "team",
       "land",    "land_own", "livelihood"});
  household = in.shape("household", {"name", "head", "owner", "branch", "address", "place",
                                     "income", "house", "village", "team"});
  household_member = in.shape("household_member", {"name", "member", "role", "birth_date", "away"});
  relation = in.shape("relation", {"other", "other_name", "kind", "note", "mirror_of", "guarantee",
                                   "guarantee_amount", "guarantee_until"});
  preference = in.shape("preference", {"topic", "text", "source", "noted_on"});
  need = in.shape(
      "need", {"topic", "text", "source", "noted_on", "amount", "wanted_on", "product", "state"});
  account = in.shape("account", {"product", "number", "balance", "as_of", "status", "opened",
                                 "closed", "rate", "due", "amount", "currency", "branch",
                                 "overdue_days", "overdue_amount", "next_due", "next_amount"});
  txn = in.shape("txn", {"account", "booked_on", "amount", "balance", "kind", "channel", "text",
                         "counterparty", "booked_at"});
  interaction = in.shape("interaction", {"channel", "direction", "at", "staff", "product", "text",
                                         "outcome", "topic"});
  visit_plan = in.shape("visit_plan", {"planned_on", "minute", "purpose", "staff", "state", "stop",
                                       "note", "product", "place"});
  visit = in.shape(
      "visit", {"planned", "staff", "arrived_at", "place", "accuracy", "purpose", "note", "outcome",
                "next_step", "next_on", "left_at", "met", "product", "land", "income_per_mu"});
  request = in.shape("request", {"number", "kind", "subject", "text", "state", "opened_at",
                                 "due_at", "channel", "handler", "closed_at", "priority"});
  task = in.shape("task", {"title", "customer", "owner", "branch", "due_on", "minute", "state",
                           "priority", "kind", "source", "text", "done_at", "amount"});
  document = in.shape("document",
                      {"kind", "file", "mime", "size", "name", "taken_at", "expires", "custodian"});
  crop_plan = in.shape(
      "crop_plan", {"crop", "year", "season", "land", "income_per_mu", "sown_on", "harvest_on"});
  guarantee_group =
      in.shape("guarantee_group", {"name", "owner", "branch", "village", "leader", "formed_on",
                                   "limit_amount", "state", "signed_on", "ends_on"});
  group_member = in.shape("group_member", {"name", "member", "role", "joined_on", "amount"});
  tags = in.set("customer", "tags");
  consents = in.set("customer", "consents");
  crops = in.set("customer", "crops");
  village_crops = in.set("village", "crops");

  const auto of = [&](std::string_view entity, std::string_view field) {
    return Choices(catalogue, entity, field, missing);
  };
  customer_choices = {
      of("branch", "kind"),        of("customer", "kind"),       of("customer", "status"),
      of("customer", "level"),     of("customer", "gender"),     of("customer", "occupation"),
      of("customer", "education"), of("customer", "marital"),    of("customer", "channel"),
      of("customer", "source"),    of("customer", "livelihood"), of("customer", "industry"),
      of("customer", "consents"),  of("customer", "crops")};
  choices = {of("account", "status"),
             of("txn", "kind"),
             of("txn", "channel"),
             of("interaction", "channel"),
             of("interaction", "direction"),
             of("interaction", "outcome"),
             of("interaction", "topic"),
             of("visit", "purpose"),
             of("visit", "outcome"),
             of("visit", "met"),
             of("visit_plan", "state"),
             of("task", "kind"),
             of("task", "state"),
             of("task", "source"),
             of("task", "priority"),
             of("request", "kind"),
             of("request", "state"),
             of("need", "topic"),
             of("need", "state"),
             of("preference", "topic"),
             of("need", "source"),
             of("document", "kind"),
             of("relation", "kind"),
             of("relation", "guarantee"),
             of("crop_plan", "season"),
             of("guarantee_group", "state"),
             of("household_member", "role"),
             of("group_member", "role"),
             of("household", "house"),
             of("customer", "id_kind")};
}

Status DemoPack::status() const {
  TRY(in.status());
  if (missing) return *missing;
  return {};
}

}  // namespace banyan::demo
