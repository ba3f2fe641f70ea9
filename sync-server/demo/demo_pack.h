// The entities, fields and choices of the packs that the demo bank uses.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sync-server/import/shape.h"

namespace banyan::demo {

// The choices of one Enum field by name. A name that the pack lacks is noted
// in the pack's status(), which is asked before anything is written.
class Choices {
 public:
  Choices() = default;
  Choices(const Catalogue& catalogue, std::string_view entity, std::string_view field,
          std::optional<Error>& missing);
  // Null for an empty word.
  Value operator()(std::string_view name) const;

 private:
  std::string field_;
  std::map<std::string, std::int64_t, std::less<>> by_name_;
  std::optional<Error>* missing_ = nullptr;
};

struct DemoPack {
  explicit DemoPack(const Catalogue& catalogue);
  DemoPack(const DemoPack&) = delete;
  Status status() const;

  PackReader in;
  std::optional<Error> missing;

  Shape branch, staff, village, customer, household, household_member, relation, preference, need,
      account, txn, interaction, visit_plan, visit, request, task, document, crop_plan,
      guarantee_group, group_member;
  SetShape tags, consents, crops, village_crops;

  struct {
    Choices branch_kind, kind, status, level, gender, occupation, education, marital, channel,
        source, livelihood, industry, consent, crop;
  } customer_choices;
  struct {
    Choices account_status, txn_kind, txn_channel, contact_channel, direction, outcome, topic,
        visit_purpose, visit_outcome, met, plan_state, task_kind, task_state, task_source, priority,
        request_kind, request_state, need_topic, need_state, preference_topic, knowledge, document,
        relation, guarantee, season, group_state, member_role, group_role, house, id_kind;
  } choices;
};

}  // namespace banyan::demo
