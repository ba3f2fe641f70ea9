#include "shared/app/names.h"

#include <algorithm>

namespace banyan {

namespace {

// Collects what is missing, so that one message names all of it.
class LookUp {
 public:
  explicit LookUp(const Catalogue& catalogue) : catalogue_(catalogue) {}

  const Entity* entity(std::string_view name) {
    const Entity* found = catalogue_.entity(name);
    if (found == nullptr) missing_ += " " + std::string(name);
    return found;
  }

  std::int64_t choice(const Entity* entity, std::string_view field, std::string_view choice) {
    const Field* found = entity == nullptr ? nullptr : entity->field(field);
    if (found != nullptr) {
      for (const Choice& one : found->choices) {
        if (one.name == choice) return one.no;
      }
    }
    missing_ += " " + std::string(field) + "=" + std::string(choice);
    return 0;
  }

  Status finish() const {
    if (missing_.empty()) return {};
    return fail(ErrorCode::Invalid, "pack base lacks:" + missing_);
  }

 private:
  const Catalogue& catalogue_;
  std::string missing_;
};

}  // namespace

Result<Names> Names::look_up(const Catalogue& catalogue) {
  LookUp find(catalogue);
  Names n{};
  n.customer = find.entity("customer");
  n.relation = find.entity("relation");
  n.preference = find.entity("preference");
  n.need = find.entity("need");
  n.account = find.entity("account");
  n.txn = find.entity("txn");
  n.interaction = find.entity("interaction");
  n.visit_plan = find.entity("visit_plan");
  n.visit = find.entity("visit");
  n.request = find.entity("request");
  n.task = find.entity("task");
  n.document = find.entity("document");
  n.own_entry = find.entity("own_entry");
  n.branch = find.entity("branch");
  n.staff = find.entity("staff");
  n.product = find.entity("product");
  n.tag = find.entity("tag");
  n.village = catalogue.entity("village");
  n.kind_person = find.choice(n.customer, "kind", "person");
  n.kind_sole = find.choice(n.customer, "kind", "sole");
  n.plan_planned = find.choice(n.visit_plan, "state", "planned");
  n.plan_done = find.choice(n.visit_plan, "state", "done");
  n.plan_cancelled = find.choice(n.visit_plan, "state", "cancelled");
  n.task_open = find.choice(n.task, "state", "open");
  n.task_done = find.choice(n.task, "state", "done");
  n.entry_unposted = find.choice(n.own_entry, "state", "unposted");
  n.entry_payout = find.choice(n.own_entry, "kind", "payout");
  n.product_current = find.choice(n.product, "kind", "current");
  n.product_term = find.choice(n.product, "kind", "term");
  n.product_loan = find.choice(n.product, "kind", "loan");
  n.relation_guarantor = find.choice(n.relation, "kind", "guarantor");
  n.relation_guaranteed = find.choice(n.relation, "kind", "guaranteed");
  n.document_photo = find.choice(n.document, "kind", "photo");
  n.request_done = find.choice(n.request, "state", "done");
  n.request_refused = find.choice(n.request, "state", "refused");
  n.channel_visit = find.choice(n.interaction, "channel", "visit");
  n.source_self = find.choice(n.task, "source", "self");
  TRY(find.finish());
  return n;
}

bool Names::company(std::int64_t kind) const { return kind != kind_person && kind != kind_sole; }

Label label_of(const Entity& entity, std::string_view field, std::int64_t choice) {
  const Field* found = entity.field(field);
  if (found == nullptr) return {};
  const auto one = std::find_if(found->choices.begin(), found->choices.end(),
                                [&](const Choice& c) { return c.no == choice; });
  return one == found->choices.end() ? Label{} : one->label;
}

}  // namespace banyan
