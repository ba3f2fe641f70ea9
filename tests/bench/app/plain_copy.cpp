#include "tests/bench/app/plain_copy.h"

#include "shared/storage/tables.h"
#include "shared/storage/transaction.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;

}  // namespace

PlainCopy::PlainCopy(const std::string& folder, const Catalogue& catalogue)
    : catalogue_(catalogue), pages_(must(FilePageStore::at(folder))) {
  PageKey key;
  SystemRandom random;
  random.fill(key.bytes());
  DatabaseOptions options;
  options.store = pages_.get();
  options.name = "floor.db";
  options.key = &key;
  db_ = must(Database::open(std::move(options)));
}

Cost PlainCopy::fill_from(Database& replica) {
  Cost cost;
  for (const Entity& entity : catalogue_.entities()) {
    std::string names = "id,_agg", places = "?1,?2", columns = "id INTEGER PRIMARY KEY, _agg";
    int at = 2;
    for (const Field& field : entity.fields) {
      if (!field.stored() || field.merge == Merge::Set) continue;
      names += "," + sql_name(field.name);
      columns += "," + sql_name(field.name);
      places += ",?" + std::to_string(++at);
    }
    const std::string table = sql_name(entity.name);
    must(db_->exec("CREATE TABLE " + table + "(" + columns + ")"));
    if (!entity.root()) {
      must(db_->exec("CREATE INDEX " + sql_name(entity.name + "_of") + " ON " + table + "(_agg)"));
    }
    cost += fill(replica, "SELECT " + names + " FROM " + table + " WHERE _dead=0",
                 "INSERT INTO " + table + "(" + names + ") VALUES(" + places + ")");
  }
  must(db_->exec("CREATE TABLE sib(tbl,row,col,el,PRIMARY KEY(tbl,row,col,el)) WITHOUT ROWID"));
  return cost += fill(replica, "SELECT DISTINCT tbl,row,col,el FROM sib",
                      "INSERT INTO sib VALUES(?1,?2,?3,?4)");
}

Cost PlainCopy::fill(Database& replica, const std::string& read, const std::string& write) {
  Cost cost;
  Statement from = must(replica.statement(read));
  std::vector<std::vector<Value>> rows;
  for (bool more = true; more;) {
    rows.clear();
    while (rows.size() < kRowsAtOnce && (more = must(from.step()))) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < from.columns(); ++i) row.push_back(must(from.value(i)));
    }
    const Stopwatch watch;
    Transaction change = must(Transaction::begin(*db_));
    {
      Statement put = must(db_->statement(write));
      for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) put.bind(static_cast<int>(i) + 1, row[i]);
        must(put.run());
      }
    }
    must(change.commit());
    cost += watch.taken();
    rows_ += rows.size();
  }
  return cost;
}

}  // namespace banyan::bench
