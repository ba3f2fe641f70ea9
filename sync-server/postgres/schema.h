#pragma once

#include "shared/catalogue/catalogue.h"
#include "sync-server/postgres/connection.h"

namespace banyan::postgres {

// Creates what is missing, whoever else is doing the same just now. Refused when the database
// is another organisation's; Newer when a later version of this program made its tables.
Status make_tables(Connection& connection, std::uint32_t organisation);

// Entries of table `name` for the fields that this catalogue has and an older one had not.
Status index_names(Connection& connection, const Catalogue& catalogue);

// The number of the newest catalogue that the tables have served.
Result<std::uint32_t> known_catalogue(Connection& connection);

}  // namespace banyan::postgres
