// The entities and choices of pack `base` that the hand-written views rest on,
// looked up by name once. Everything else goes by the catalogue alone.
#pragma once

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"

namespace banyan {

struct Names {
  const Entity *customer, *relation, *preference, *need, *account, *txn, *interaction, *visit_plan,
      *visit, *request, *task, *document, *own_entry, *branch, *staff, *product, *tag;
  // Pack rural-credit; null without it.
  const Entity* village;

  std::int64_t kind_person, kind_sole, plan_planned, plan_done, plan_cancelled, task_open,
      task_done, entry_unposted, entry_payout, product_current, product_term, product_loan,
      relation_guarantor, relation_guaranteed, document_photo, request_done, request_refused,
      channel_visit, source_self;

  // Whether a customer of this kind has a firm's name, not a person's.
  bool company(std::int64_t kind) const;

  // Invalid, naming what is missing, when pack `base` is not there or too old.
  static Result<Names> look_up(const Catalogue& catalogue);
};

// The choice's label, or an empty one.
Label label_of(const Entity& entity, std::string_view field, std::int64_t choice);

}  // namespace banyan
