// What the tables must hold after each workload, worked out from its lists alone.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "shared/crypto/hash.h"
#include "shared/storage/database.h"
#include "tests/bench/workload.h"

namespace banyan::bench {

std::vector<Customer> after_edits(std::vector<Customer> customers, std::span<const Edit> edits);

// Of the rows as text, sorted by the workload's id: equal tables have equal hashes.
Hash256 table_hash(std::vector<Customer> customers);
// The rows of table "customer" as shown, whoever made it.
std::vector<Customer> read_table(Database& db);

struct Fidelity {
  std::size_t one_side = 0, lost = 0;  // a cell that one side edited must hold its last value
  std::size_t both = 0, foreign = 0;   // one that both edited, the last value of one of them
  std::size_t guarded = 0;  // phone numbers with two different last values: a person decides
};
Fidelity fidelity_of(const std::vector<Customer>& before, const std::vector<Customer>& shown,
                     std::span<const Edit> a, std::span<const Edit> b);

}  // namespace banyan::bench
