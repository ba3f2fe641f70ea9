// Receipts of commands, and where the mirrors of edges are.
#include "sync-server/postgres/postgres_tables.h"
#include "sync-server/postgres/values.h"

namespace banyan::postgres {
namespace {

Bytes copy_of_bytes(ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); }

std::vector<sync::Edge> read_edges(const Answer& answer) {
  return answer.each([&](int i) {
    return sync::Edge{static_cast<std::uint32_t>(answer.integer(i, 0)), answer.row_id(i, 1),
                      answer.row_id(i, 2), answer.row_id(i, 3), answer.row_id(i, 4)};
  });
}

}  // namespace

Status PostgresTables::put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                                   ByteView bytes) {
  const bool given = state == sync::ReceiptState::Given;
  return write(std::string("INSERT INTO receipt(dev,dseq,op,state,body) VALUES($1,$2,$3,$4,$5)"
                           " ON CONFLICT (dev,dseq,op) DO ") +
                   (given ? "UPDATE SET state=$4, body=$5" : "NOTHING"),
               arguments(command.device, as_sql(command.dseq), std::int64_t{command.op},
                         static_cast<std::int64_t>(state), bytes));
}

Result<std::vector<Bytes>> PostgresTables::receipts_given(DeviceId id, std::uint64_t dseq) {
  TRY_ASSIGN(const Answer answer, ask("SELECT body FROM receipt WHERE dev=$1 AND dseq>$2"
                                      " AND state=1 ORDER BY dseq,op",
                                      arguments(id, as_sql(dseq))));
  return answer.each([&](int i) { return copy_of_bytes(answer.bytes(i, 0)); });
}

Result<std::optional<Bytes>> PostgresTables::receipt(const sync::CommandId& command,
                                                     sync::ReceiptState state) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT body FROM receipt WHERE dev=$1 AND dseq=$2 AND op=$3 AND state=$4",
                 arguments(command.device, as_sql(command.dseq), std::int64_t{command.op},
                           static_cast<std::int64_t>(state))));
  return answer.rows() > 0 ? std::optional(copy_of_bytes(answer.bytes(0, 0)))
                           : std::optional<Bytes>();
}

Result<std::optional<sync::Edge>> PostgresTables::edge(std::uint32_t entity, RowId row) {
  TRY_ASSIGN(const Answer answer,
             ask("SELECT tbl,id,agg,other,mirror FROM edge WHERE tbl=$1 AND id=$2",
                 arguments(std::int64_t{entity}, row)));
  const std::vector<sync::Edge> edges = read_edges(answer);
  return edges.empty() ? std::optional<sync::Edge>() : std::optional(edges.front());
}

Status PostgresTables::keep_edge(const sync::Edge& edge) {
  return write(
      "INSERT INTO edge(tbl,id,agg,other,mirror) VALUES($1,$2,$3,$4,$5)"
      " ON CONFLICT (tbl,id) DO UPDATE SET agg=$3, other=$4, mirror=$5",
      arguments(std::int64_t{edge.entity}, edge.row, edge.aggregate, edge.other, edge.mirror));
}

Result<std::vector<sync::Edge>> PostgresTables::edges_waiting(RowId other) {
  TRY_ASSIGN(const Answer answer, ask("SELECT tbl,id,agg,other,mirror FROM edge"
                                      " WHERE other=$1 AND mirror=0 ORDER BY tbl,id",
                                      arguments(other)));
  return read_edges(answer);
}

}  // namespace banyan::postgres
