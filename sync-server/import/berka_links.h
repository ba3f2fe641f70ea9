// What one file of the Czech bank says about another: every row must lead to
// rows that were accepted, or it is rejected too. And who owns what.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sync-server/import/berka_files.h"

namespace banyan::berka {

// Owner of each account: its place in `Data::clients`.
using OwnerOf = std::unordered_map<std::int64_t, std::size_t>;

// Removes rows that lead nowhere, with a reject each, in order of dependence:
// clients and accounts without their district, dispositions without client or
// account, accounts without an owner, then orders, loans, cards, transactions.
// A number that comes twice is rejected the second time.
OwnerOf link(Data& data, ImportReport& report);

}  // namespace banyan::berka
