// Who may see and write what. Pure rules over rows that a store looks up.
//
// A scope is a row id: a staff row (a portfolio), a branch row, a department's.
// Scope 1 holds every aggregate, scope 2 the reference data. A root row's Ref
// fields named in Entity::scopes say which scopes its aggregate is a member of;
// a staff row's role and branch say which scopes its user has. SYNC.md, 8.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/ids.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/row.h"

namespace banyan {

inline constexpr RowId kScopeAll{1};
inline constexpr RowId kScopeReference{2};

}  // namespace banyan

namespace banyan::sync {

// What a pack must call the entity and fields that give people their scopes.
inline constexpr std::string_view kStaffEntity = "staff";
inline constexpr std::string_view kStaffRole = "role";      // Enum or Text: a role's name
inline constexpr std::string_view kStaffBranch = "branch";  // Ref

inline constexpr std::uint64_t kOpenSpan = ~0ULL >> 1;  // has not ended; fits SQL's integer

// A user has a scope, with the classes of fields in `mask`, for the sequences
// from <= s < to.
struct AccessSpan {
  RowId scope{};
  std::uint32_t mask = 0;
  std::uint64_t from = 0, to = kOpenSpan;
  bool open() const { return to == kOpenSpan; }
};

struct Membership {
  RowId scope{};
  std::uint32_t mask = ~0U;
};

// An aggregate's memberships now.
struct Standing {
  std::uint32_t root = 0;  // number of the root's entity; 0: no such aggregate
  std::uint64_t top = 0;   // newest sequence that changed it
  std::vector<Membership> members;
};

// A membership that began or ended after the aggregate was created.
struct Move {
  RowId scope{};
  std::uint64_t seq = 0;
  RowId aggregate{};
  bool in = false;
};

// The scopes that a root row puts its aggregate into, scope 1 first.
std::vector<RowId> scopes_of(const Entity& root, const Row& row);

// The access that a staff row gives its user; empty without a known role.
struct Grant {
  RowId scope{};
  std::uint32_t mask = 0;
};
std::vector<Grant> grants_of(const Catalogue& catalogue, const Entity& staff, const Row& row);
const Role* role_of(const Catalogue& catalogue, const Row& staff);

// The classes of fields of this aggregate that the user sees now; 0: none.
std::uint32_t visible_mask(std::span<const Membership> members, std::span<const AccessSpan> access);

enum class MayWrite : std::uint8_t { No, Yes, Late };

struct WriteRight {
  MayWrite may{};
  std::uint64_t ended = 0;  // Late: the sequence at which it ended
};

// Late: had the aggregate in one of his scopes, and had not seen that this ended.
WriteRight may_write(std::span<const Membership> members, std::span<const AccessSpan> access,
                     std::span<const Move> moves, std::uint64_t seen);

// The Right bits that an operation needs.
std::uint32_t right_for(Op op);

}  // namespace banyan::sync
