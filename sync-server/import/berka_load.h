// Turns the Czech bank's linked rows into commits: one for each branch, staff
// member, product and customer. BERKA.md maps the fields.
#pragma once

#include "sync-server/import/berka_links.h"
#include "sync-server/import/draft_batch.h"
#include "sync-server/import/ledger.h"

namespace banyan::berka {

// The last day of the delivery: loans stand as of it.
inline constexpr std::string_view kLastDay = "1998-12-31";

struct Linked {
  Data data;
  OwnerOf owners;
  std::vector<std::uint32_t> transaction_order;  // by account, day, chain of balances
};

// Reads nothing but `linked` and the catalogue. Invalid: the packs lack what the mapping needs.
Status load(const Linked& linked, const Catalogue& catalogue, const ImportOptions& options,
            Ledger& ledger, ImportReport& report);

}  // namespace banyan::berka
