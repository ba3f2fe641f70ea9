#include "tests/simulation/mirror.h"

#include <algorithm>

#include "shared/changelog/page_row.h"

namespace banyan::sim {

const Role* role_named(const Catalogue& bank, std::int64_t role) {
  const Choice* choice = bank.entity(kStaff)->field(kRole)->choice(role);
  return choice != nullptr ? bank.role(choice->name) : nullptr;
}

bool role_may(const Catalogue& bank, std::int64_t role, std::uint32_t entity,
              std::uint32_t rights) {
  const Role* named = role_named(bank, role);
  const Entity* of = bank.entity(entity);
  return named != nullptr && of != nullptr && (named->may(of->name) & rights) != 0;
}

void Mirror::put(Row row) {
  if (!row.exists) return;
  const RowKey key{row.entity, row.id};
  by_aggregate_[row.aggregate].insert(key);
  if (newest_bank().entity(row.entity)->root()) roots_[row.aggregate] = row.entity;
  rows_[key] = std::move(row);
}

const Row* Mirror::find(const RowKey& key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : &found->second;
}

const Row& Mirror::staff(RowId user) const {
  static const Row kNobody;
  const Row* row = find({kStaff, user});
  return row != nullptr ? *row : kNobody;
}

std::uint32_t Mirror::mask_of(RowId user, RowId aggregate) const {
  const Row& person = staff(user);
  const auto root_no = roots_.find(aggregate);
  if (!person.alive() || root_no == roots_.end()) return 0;
  const Role* role = role_named(newest_bank(), int_of(person.cell(kRole)));
  if (role == nullptr) return 0;
  const Entity& root = *newest_bank().entity(root_no->second);
  if (role->scope == "all" || root.reference) return role->mask;
  const RowId mine = role->scope == "branch" ? row_of(person.cell(kStaffBranchField)) : person.id;
  const Row& row = rows_.at({root.no, aggregate});
  const bool member =
      mine != kNoRow &&
      std::any_of(root.scopes.begin(), root.scopes.end(), [&](const std::string& scope) {
        return row_of(row.cell(root.field(scope)->no)) == mine;
      });
  return member ? role->mask : 0;
}

std::vector<Row> Mirror::visible(const Catalogue& bank, RowId user, RowId aggregate) const {
  std::vector<Row> out;
  const std::uint32_t mask = mask_of(user, aggregate);
  const auto found = by_aggregate_.find(aggregate);
  if (mask == 0 || found == by_aggregate_.end()) return out;
  const std::int64_t role = int_of(staff(user).cell(kRole));
  for (const RowKey& key : found->second) {
    if (!role_may(bank, role, key.first, kRead)) continue;
    Row row = rows_.at(key);
    hide_fields(row, *bank.entity(key.first), mask);
    out.push_back(std::move(row));
  }
  return out;
}

std::map<RowKey, Row> Mirror::visible(const Catalogue& bank, RowId user) const {
  std::map<RowKey, Row> out;
  for (const auto& [aggregate, keys] : by_aggregate_) {
    for (Row& row : visible(bank, user, aggregate)) {
      const RowKey key{row.entity, row.id};
      out[key] = std::move(row);
    }
  }
  return out;
}

}  // namespace banyan::sim
