// Receipts of commands, and where the mirrors of edges are.
#include "shared/storage/commit_rows.h"
#include "shared/storage/sqlite_server_tables.h"

namespace banyan {
namespace {

Bytes copy_of(ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); }

Result<std::vector<sync::Edge>> read_edges(Statement& find) {
  std::vector<sync::Edge> edges;
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return edges;
    edges.push_back({static_cast<std::uint32_t>(find.integer(0)), find.row_id(1), find.row_id(2),
                     find.row_id(3), find.row_id(4)});
  }
}

}  // namespace

Status SqliteServerTables::put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                                       ByteView bytes) {
  const bool given = state == sync::ReceiptState::Given;
  return db_.run(std::string("INSERT OR ") + (given ? "REPLACE" : "IGNORE") +
                     " INTO receipt(dev,dseq,op,state,body) VALUES(?1,?2,?3,?4,?5)",
                 command.device, as_sql(command.dseq), std::int64_t{command.op},
                 static_cast<std::int64_t>(state), bytes);
}

Result<std::vector<Bytes>> SqliteServerTables::receipts_given(DeviceId id, std::uint64_t dseq) {
  std::vector<Bytes> out;
  TRY_ASSIGN(Statement find, db_.statement("SELECT body FROM receipt WHERE dev=?1 AND dseq>?2"
                                           " AND state=1 ORDER BY dseq,op"));
  find.bind_all(id, as_sql(dseq));
  while (true) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) return out;
    out.push_back(copy_of(find.blob(0)));
  }
}

Result<std::optional<Bytes>> SqliteServerTables::receipt(const sync::CommandId& command,
                                                         sync::ReceiptState state) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT body FROM receipt WHERE dev=?1 AND dseq=?2"
                                           " AND op=?3 AND state=?4"));
  find.bind_all(command.device, as_sql(command.dseq), std::int64_t{command.op},
                static_cast<std::int64_t>(state));
  TRY_ASSIGN(const bool there, find.step());
  return there ? std::optional(copy_of(find.blob(0))) : std::optional<Bytes>();
}

Result<std::optional<sync::Edge>> SqliteServerTables::edge(std::uint32_t entity, RowId row) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT tbl,row,agg,other,mirror FROM edge"
                                           " WHERE tbl=?1 AND row=?2"));
  find.bind_all(std::int64_t{entity}, row);
  TRY_ASSIGN(const std::vector<sync::Edge> edges, read_edges(find));
  return edges.empty() ? std::optional<sync::Edge>() : std::optional(edges.front());
}

Status SqliteServerTables::keep_edge(const sync::Edge& edge) {
  return db_.run("INSERT OR REPLACE INTO edge(tbl,row,agg,other,mirror) VALUES(?1,?2,?3,?4,?5)",
                 std::int64_t{edge.entity}, edge.row, edge.aggregate, edge.other, edge.mirror);
}

Result<std::vector<sync::Edge>> SqliteServerTables::edges_waiting(RowId other) {
  TRY_ASSIGN(Statement find, db_.statement("SELECT tbl,row,agg,other,mirror FROM edge"
                                           " WHERE other=?1 AND mirror=0 ORDER BY tbl,row"));
  find.bind(1, other);
  return read_edges(find);
}

}  // namespace banyan
