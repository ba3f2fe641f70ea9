#include "shared/sync/scopes.h"

#include <algorithm>

#include "shared/base/laws.h"

namespace banyan::sync {

std::vector<RowId> scopes_of(const Entity& root, const Row& row) {
  std::vector<RowId> scopes{kScopeAll};
  if (root.reference) scopes.push_back(kScopeReference);
  for (const std::string& name : root.scopes) {
    const Field* field = root.field(name);
    if (field == nullptr) continue;
    const RowId scope = row_of(row.cell(field->no));
    if (scope == kNoRow) continue;
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) scopes.push_back(scope);
  }
  return scopes;
}

const Role* role_of(const Catalogue& catalogue, const Row& staff) {
  const Entity* entity = catalogue.entity(kStaffEntity);
  const Field* field = entity != nullptr ? entity->field(kStaffRole) : nullptr;
  if (field == nullptr || !staff.alive()) return nullptr;
  const Value& value = staff.cell(field->no);
  if (field->type != FieldType::Enum) return catalogue.role(text_of(value));
  const Choice* choice = field->choice(int_of(value));
  return choice != nullptr ? catalogue.role(choice->name) : nullptr;
}

std::vector<Grant> grants_of(const Catalogue& catalogue, const Entity& staff, const Row& row) {
  const Role* role = role_of(catalogue, row);
  if (role == nullptr) return {};
  std::vector<Grant> grants{{kScopeReference, role->mask}};
  if (role->scope == "all") {
    grants.push_back({kScopeAll, role->mask});
  } else if (role->scope == "branch") {
    const Field* field = staff.field(kStaffBranch);
    const RowId branch = field != nullptr ? row_of(row.cell(field->no)) : kNoRow;
    if (branch != kNoRow) grants.push_back({branch, role->mask});
  } else if (role->scope == "own") {
    grants.push_back({row.id, role->mask});
  }
  return grants;
}

std::uint32_t visible_mask(std::span<const Membership> members,
                           std::span<const AccessSpan> access) {
  std::uint32_t mask = 0;
  for (const AccessSpan& span : access) {
    if (!span.open()) continue;
    for (const Membership& member : members) {
      if (member.scope == span.scope) mask |= member.mask & span.mask;
    }
  }
  return mask;
}

namespace {

// The newest sequence before which (scope, aggregate) was a membership while
// `access` lasted; kOpenSpan when it still is; 0 when never.
std::uint64_t overlap_end(const AccessSpan& access, bool member_now, std::span<const Move> moves) {
  std::uint64_t best = 0;
  bool in = true;  // before the first move: the opposite of what that move did
  std::uint64_t began = 0;
  bool first = true;
  const auto note = [&](std::uint64_t from, std::uint64_t to) {
    if (std::max(from, access.from) < std::min(to, access.to)) {
      best = std::max(best, std::min(to, access.to));
    }
  };
  for (const Move& move : moves) {  // by sequence
    if (move.scope != access.scope) continue;
    if (first) in = !move.in;
    first = false;
    if (in && !move.in) note(began, move.seq);
    if (!in && move.in) began = move.seq;
    in = move.in;
  }
  if (first) in = member_now;
  if (in) note(began, kOpenSpan);
  return best;
}

}  // namespace

WriteRight may_write(std::span<const Membership> members, std::span<const AccessSpan> access,
                     std::span<const Move> moves, std::uint64_t seen) {
  WriteRight right;
  for (const AccessSpan& span : access) {
    const bool member_now = std::any_of(members.begin(), members.end(),
                                        [&](const Membership& m) { return m.scope == span.scope; });
    const std::uint64_t end = overlap_end(span, member_now, moves);
    if (end == kOpenSpan) return {MayWrite::Yes, 0};
    if (broken(Law::LateWrites)) continue;
    if (end > seen || (end > 0 && broken(Law::Strangers)))
      right = {MayWrite::Late, std::max(right.ended, end)};
  }
  return right;
}

std::uint32_t right_for(Op op) {
  switch (op) {
    case Op::Insert:
    case Op::Fact: return kCreate;
    case Op::Delete:
    case Op::Undelete: return kDelete;
    case Op::Update:
    case Op::Add:
    case Op::Remove: return kUpdate;
    case Op::Command: return kRead;  // the rest its move says (workflow/machine.h)
  }
  return kDelete;
}

}  // namespace banyan::sync
