// The simulated bank's catalogues: the tests' little bank, grown. Every kind of cell lies on two
// kinds of roots, so that an aggregate has neighbours of another shape; an aggregate may lie in
// the scopes of two officers, of two branches (a department is one of them), of a partner and of
// the customer himself, each with a mask of his own. Three numbers of it, each with more fields
// and entities than the one before, stand for a bank whose packs grow.
//
// The shipped packs are not used: their catalogue differs in names and in size, not in kinds of
// cells, and a run would spend its time in forty tables that hold nothing.
#pragma once

#include "shared/changelog/commit.h"
#include "tests/support/bank.h"

namespace banyan::sim {

using namespace banyan::test;  // the little bank

inline constexpr std::uint32_t kLead = 6, kTask = 7;
inline constexpr std::uint32_t kMemo = 8, kDeal = 9;  // from the second and the third catalogue

inline constexpr std::uint32_t kStory = 19;                                 // Text: of a customer
inline constexpr std::uint32_t kPartner = 12, kPrincipal = 13, kDesk = 14;  // scopes of a customer
inline constexpr std::int64_t kPartnerRole = 4, kPrincipalRole = 5;

inline constexpr std::uint32_t kOldestBank = 7, kNewestBank = 9;
const Catalogue& bank_of(std::uint32_t number);
inline const Catalogue& newest_bank() { return bank_of(kNewestBank); }

inline CellWrite cell(std::uint32_t field, Value value) { return {field, std::move(value), {}}; }
inline RowWrite write_of(std::uint32_t entity, Op op, RowId row,
                         std::vector<CellWrite> cells = {}) {
  return {entity, op, row, 1, std::move(cells)};
}

}  // namespace banyan::sim
