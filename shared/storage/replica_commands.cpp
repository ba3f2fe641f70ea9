// Commands on their way to the server, and what it answered.
#include "shared/storage/replica_state.h"

namespace banyan {

Status Replica::State::keep_receipts(const sync::PageNote& note) {
  TRY_ASSIGN(Statement put, db.statement("INSERT OR REPLACE INTO receipt(dseq,op,seq,body)"
                                         " VALUES(?1,?2,?3,?4)"));
  for (const Bytes& bytes : note.receipts) {
    TRY_ASSIGN(const sync::Receipt receipt, sync::read_receipt(bytes));
    put.bind_all(as_sql(receipt.command.dseq), std::int64_t{receipt.command.op},
                 as_sql(receipt.seq), bytes);
    TRY(put.run());
  }
  return {};
}

Result<std::vector<Bytes>> Replica::receipts(std::uint64_t first, std::uint64_t last) {
  std::vector<Bytes> out;
  TRY_ASSIGN(Statement find, state_->db.statement("SELECT body FROM receipt WHERE dseq>=?1"
                                                  " AND dseq<=?2 ORDER BY dseq,op"));
  find.bind_all(as_sql(first), as_sql(last));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    const ByteView body = find.blob(0);
    out.emplace_back(body.begin(), body.end());
  }
}

Result<std::vector<sync::Receipt>> Replica::receipts(std::size_t count_max) {
  std::vector<sync::Receipt> out;
  TRY_ASSIGN(Statement find,
             state_->db.statement("SELECT body FROM receipt ORDER BY dseq DESC,op LIMIT ?1"));
  find.bind(1, static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(sync::Receipt receipt, sync::read_receipt(find.blob(0)));
    out.push_back(std::move(receipt));
  }
}

Result<std::vector<Replica::Asked>> Replica::asked(std::uint32_t entity, RowId row) {
  State& s = *state_;
  std::vector<Asked> out;
  const Waiting* waits = row == kNoRow ? nullptr : s.waiting.find({entity, row});
  if (row != kNoRow && waits == nullptr) return out;
  const std::uint64_t first = waits != nullptr ? waits->commits.front() : s.mark.acked + 1;
  TRY_ASSIGN(Statement find,
             s.db.statement("SELECT dseq,body FROM own WHERE dseq>=?1 ORDER BY dseq"));
  find.bind(1, as_sql(first));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    TRY_ASSIGN(const Commit commit, decode_commit(find.blob(1)));
    for (std::size_t i = 0; i < commit.rows.size(); ++i) {
      const RowWrite& write = commit.rows[i];
      const Entity* kind = s.catalogue.entity(write.entity);
      const bool mine = row == kNoRow || (write.entity == entity && write.row == row);
      if (write.op != Op::Command || kind == nullptr || !mine) continue;
      Asked one{from_sql(find.integer(0)),
                static_cast<std::uint32_t>(i),
                write.entity,
                write.row,
                {},
                {},
                commit.hlc,
                {}};
      for (const CellWrite& cell : write.cells) {
        const Field* field = kind->field(cell.field);
        if (field != nullptr && field->merge != Merge::Machine) one.with.push_back(cell);
      }
      for (const CellWrite& cell : write.cells) {
        const Field* field = kind->field(cell.field);
        if (field == nullptr || field->merge != Merge::Machine) continue;
        one.field = cell.field;
        one.wanted = cell.value;
        out.push_back(one);
      }
    }
  }
}

}  // namespace banyan
