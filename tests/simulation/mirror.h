// The server's rows as its store loads them, and who may see them: worked out from the rows
// alone. The store has tables of its own for that, which nothing here uses.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "shared/changelog/row.h"
#include "shared/storage/waiting_rows.h"
#include "tests/simulation/bank.h"

namespace banyan::sim {

class Mirror {
 public:
  void clear() { *this = Mirror(); }
  void put(Row row);

  const Row* find(const RowKey& key) const;
  const Row& staff(RowId user) const;  // one that does not exist, when there is none
  const std::map<RowKey, Row>& rows() const { return rows_; }

  // The classes of fields of this aggregate that the user may see; 0: none of it.
  std::uint32_t mask_of(RowId user, RowId aggregate) const;
  // As `user` may see them, where the server works by `bank`.
  std::vector<Row> visible(const Catalogue& bank, RowId user, RowId aggregate) const;
  std::map<RowKey, Row> visible(const Catalogue& bank, RowId user) const;

 private:
  std::map<RowKey, Row> rows_;
  std::map<RowId, std::set<RowKey>> by_aggregate_;
  std::map<RowId, std::uint32_t> roots_;  // aggregate -> its root's entity
};

// Whether a staff row's role lets its user do any of `rights` to an entity.
bool role_may(const Catalogue& bank, std::int64_t role, std::uint32_t entity, std::uint32_t rights);
// The role's scope is kept in what is returned: own, branch, all; null: no such role.
const Role* role_named(const Catalogue& bank, std::int64_t role);

}  // namespace banyan::sim
