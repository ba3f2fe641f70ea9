// All that the tables hold, read in an order of its own: for comparing, and for moving a bank to
// another database.
#include "shared/storage/commit_rows.h"
#include "shared/storage/import_keys.h"
#include "shared/storage/sqlite_server_tables.h"
#include "shared/storage/state_hasher.h"

namespace banyan {
namespace {

// A target keeps so much of a transaction in memory.
constexpr std::size_t kAtOnce = 5'000;

// Counts what goes into the target, and commits now and then.
class Portions {
 public:
  explicit Portions(ServerTables& target) : target_(target) {}
  Status begin() { return target_.begin(ServerTables::Hold::Order); }
  Status one() {
    if (++count_ % kAtOnce != 0) return {};
    TRY(target_.commit());
    return begin();
  }

 private:
  ServerTables& target_;
  std::size_t count_ = 0;
};

using EachMember = std::function<Status(RowId aggregate, const sync::Membership& member,
                                        std::uint64_t top, std::uint64_t from, std::uint32_t root)>;

Status each_member(Database& db, const EachMember& each) {
  TRY_ASSIGN(Statement find,
             db.statement("SELECT agg,scope,mask,top,from_seq,tbl FROM member ORDER BY agg,scope"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    TRY(each(find.row_id(0), {find.row_id(1), static_cast<std::uint32_t>(find.integer(2))},
             from_sql(find.integer(3)), from_sql(find.integer(4)),
             static_cast<std::uint32_t>(find.integer(5))));
  }
}

Status each_move(Database& db, const std::function<Status(const sync::Move&)>& each) {
  TRY_ASSIGN(Statement find,
             db.statement("SELECT scope,seq,agg,dir FROM moved ORDER BY scope,seq,agg"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    TRY(each({find.row_id(0), from_sql(find.integer(1)), find.row_id(2), find.integer(3) != 0}));
  }
}

Status each_access(Database& db,
                   const std::function<Status(RowId, const sync::AccessSpan&)>& each) {
  TRY_ASSIGN(Statement find, db.statement("SELECT user,scope,mask,from_seq,to_seq FROM access"
                                          " ORDER BY user,scope,from_seq"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    TRY(each(find.row_id(0), {find.row_id(1), static_cast<std::uint32_t>(find.integer(2)),
                              from_sql(find.integer(3)), from_sql(find.integer(4))}));
  }
}

}  // namespace

// By entity and id, those of unknown entities among them.
Status SqliteServerTables::each_row(const EachRow& each) {
  std::map<std::uint32_t, std::string> tables;  // by number; an empty name: in `other`
  for (const Entity& entity : tables_.catalogue().entities()) tables[entity.no] = entity.name;
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT DISTINCT tbl FROM other"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      tables.try_emplace(static_cast<std::uint32_t>(find.integer(0)));
    }
  }
  for (const auto& [no, name] : tables) {
    TRY_ASSIGN(Statement find,
               db_.statement(name.empty() ? "SELECT row,seq FROM other WHERE tbl=?1 ORDER BY row"
                                          : "SELECT id,_seq FROM " + sql_name(name) +
                                                " WHERE ?1 IS NOT NULL ORDER BY id"));
    find.bind(1, std::int64_t{no});
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      TRY_ASSIGN(const Row row, tables_.load(no, find.row_id(0)));
      TRY(each(row, from_sql(find.integer(1))));
    }
  }
  return {};
}

Result<Hash256> SqliteServerTables::state_hash() {
  StateHasher hasher;
  TRY(each_row([&](const Row& row, std::uint64_t seq) -> Status {
    hasher.row(seq, row);
    return {};
  }));
  TRY(each_member(db_,
                  [&](RowId aggregate, const sync::Membership& member, std::uint64_t top,
                      std::uint64_t, std::uint32_t root) -> Status {
                    hasher.member(aggregate, member.scope, member.mask, top, root);
                    return {};
                  }));
  TRY(each_move(db_, [&](const sync::Move& move) -> Status {
    hasher.move(move);
    return {};
  }));
  TRY(each_access(db_, [&](RowId user, const sync::AccessSpan& span) -> Status {
    hasher.access(user, span);
    return {};
  }));
  return hasher.finish();
}

Status SqliteServerTables::copy_decisions(ServerTables& target) {
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT dev,dseq,op,state,body FROM receipt"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      const sync::CommandId command{DeviceId{static_cast<std::uint32_t>(find.integer(0))},
                                    from_sql(find.integer(1)),
                                    static_cast<std::uint32_t>(find.integer(2))};
      TRY(target.put_receipt(command, static_cast<sync::ReceiptState>(find.integer(3)),
                             find.blob(4)));
    }
  }
  TRY_ASSIGN(Statement find, db_.statement("SELECT tbl,row,agg,other,mirror FROM edge"));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return {};
    TRY(target.keep_edge({static_cast<std::uint32_t>(find.integer(0)), find.row_id(1),
                          find.row_id(2), find.row_id(3), find.row_id(4)}));
  }
}

Status SqliteServerTables::copy_to(ServerTables& target) {
  TRY_ASSIGN(const Head head, this->head());
  Portions portions(target);
  const auto log = [&](const LogRow& row) -> Status {
    TRY(target.put_log(row));
    return portions.one();
  };
  const auto signature = [&](const SignedSpan& one) -> Status {
    TRY(target.put_signature(one));
    return portions.one();
  };
  const auto row = [&](const Row& one, std::uint64_t seq) -> Status {
    TRY(target.save_row(one, Row{}, seq));
    return portions.one();
  };
  const auto member = [&](RowId aggregate, const sync::Membership& one, std::uint64_t top,
                          std::uint64_t from, std::uint32_t root) -> Status {
    TRY(target.add_member(aggregate, root, one, from));
    TRY(target.set_top(aggregate, top));
    return portions.one();
  };
  const auto move = [&](const sync::Move& one) -> Status {
    TRY(target.add_move(one));
    return portions.one();
  };
  const auto access = [&](RowId user, const sync::AccessSpan& span) -> Status {
    TRY(target.begin_access(user, span));
    return portions.one();
  };
  TRY(portions.begin());
  TRY(read_log(0, ~0ULL >> 1, ~std::size_t{0} >> 1, Way::Forward, log));
  TRY(read_signatures(signature));
  TRY(each_row(row));
  TRY(each_member(db_, member));
  TRY(each_move(db_, move));
  TRY(each_access(db_, access));
  TRY(copy_decisions(target));
  TRY_ASSIGN(const std::vector<sync::ParkedBundle> waiting, parked({}));
  for (const sync::ParkedBundle& one : waiting) TRY(target.add_parked(one));
  TRY_ASSIGN(const std::vector<sync::DeviceRecord> records, devices({}));
  for (const sync::DeviceRecord& record : records) {
    TRY_ASSIGN(const DeviceRow device, device_row(record.id));
    TRY(target.save_device(device));
    TRY(portions.one());
  }
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT DISTINCT source FROM import_key"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      const std::string source(find.text(0));
      TRY_ASSIGN(const std::vector<ImportKey> keys, import_keys(source));
      TRY(target.put_import_keys(source, keys));
    }
  }
  {
    TRY_ASSIGN(Statement find, db_.statement("SELECT epoch,base_seq,at FROM epoch ORDER BY n"));
    while (true) {
      TRY_ASSIGN(const bool more, find.step());
      if (!more) break;
      TRY(target.add_epoch({static_cast<std::uint32_t>(find.integer(0)), from_sql(find.integer(1))},
                           find.integer(2)));
    }
  }
  TRY(target.save_head(head));  // last: tables without it hold no bank
  return target.commit();
}

}  // namespace banyan
