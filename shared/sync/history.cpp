#include "shared/sync/history.h"

#include <algorithm>

#include "shared/changelog/codec.h"
#include "shared/sync/signed_message.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kHistoryName = "banyan-y0";

bool refused(const CommitOutcome& outcome, std::size_t row, std::uint32_t field) {
  return std::any_of(outcome.ops.begin(), outcome.ops.end(), [&](const CommitOutcome::Op& op) {
    return op.row == row && op.field == field && rejected(op.outcome);
  });
}

}  // namespace

bool keep_readable(Commit& commit, DeviceId device, const CommitOutcome& outcome,
                   const Catalogue& catalogue, const Role& role, std::uint32_t mask) {
  std::vector<RowWrite> kept;
  for (std::size_t i = 0; i < commit.rows.size(); ++i) {
    RowWrite& write = commit.rows[i];
    const Entity* entity = catalogue.entity(write.entity);
    if (entity == nullptr || write.op == Op::Command || (role.may(entity->name) & kRead) == 0 ||
        refused(outcome, i, 0)) {
      continue;
    }
    if (write.op == Op::Fact && device == kImportDevice) continue;
    const bool said = !write.cells.empty();
    std::erase_if(write.cells, [&](const CellWrite& cell) {
      const Field* field = entity->field(cell.field);
      return field == nullptr || (field->visible & mask) == 0 || refused(outcome, i, cell.field);
    });
    const bool by_cells = write.op != Op::Insert && write.op != Op::Fact;
    if (said && by_cells && write.cells.empty()) continue;
    kept.push_back(std::move(write));
  }
  commit.rows = std::move(kept);
  return !commit.rows.empty();
}

Bytes encode_history(const History& history, const SigningKey& organisation) {
  ByteWriter out;
  start_message(out);
  out.u64(static_cast<std::uint64_t>(number(history.aggregate)));
  out.varint(history.before);
  out.varint(history.next);
  out.varint(history.entries.size());
  for (const HistoryEntry& entry : history.entries) {
    out.varint(entry.seq);
    out.u32(number(entry.device));
    out.varint(entry.dseq);
    out.u64(static_cast<std::uint64_t>(entry.received_ms));
    out.u64(entry.eff);
    out.varint(entry.seen);
    out.u8(entry.flags);
    ByteWriter commit;
    encode_commit(entry.commit, commit);
    out.block(commit.view());
  }
  out.varint(history.copies.size());
  for (const History::Copy& copy : history.copies) {
    out.u32(number(copy.device));
    out.varint(copy.former.size());
    for (const Dot& dot : copy.former) {
      out.u32(number(dot.device));
      out.varint(dot.seq);
    }
  }
  return close_message(std::move(out), kHistoryName, organisation);
}

Result<History> decode_history(ByteView in, const VerifyKey& organisation) {
  TRY_ASSIGN(const OpenMessage message, open_message(in, kHistoryBytesMax, "history"));
  if (!message.signed_by(organisation, kHistoryName)) {
    return fail(ErrorCode::Refused, "the history is not signed by headquarters");
  }
  ByteReader reader(message.body);
  History history;
  history.aggregate = RowId{static_cast<std::int64_t>(reader.u64())};
  history.before = reader.varint();
  history.next = reader.varint();
  const std::uint64_t count = reader.varint();
  if (count > kHistoryMax) return fail(ErrorCode::TooLarge, "history: too many entries");
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    HistoryEntry entry;
    entry.seq = reader.varint();
    entry.device = DeviceId{reader.u32()};
    entry.dseq = reader.varint();
    entry.received_ms = static_cast<std::int64_t>(reader.u64());
    entry.eff = reader.u64();
    entry.seen = reader.varint();
    entry.flags = reader.u8();
    const ByteView commit = reader.block(kHistoryBytesMax);
    if (!reader.ok()) break;
    TRY_ASSIGN(entry.commit, decode_commit(commit));
    history.entries.push_back(std::move(entry));
  }
  const std::uint64_t copies = reader.varint();
  if (copies > kHistoryMax) return fail(ErrorCode::TooLarge, "history: too many copies");
  for (std::uint64_t i = 0; i < copies && reader.ok(); ++i) {
    History::Copy copy;
    copy.device = DeviceId{reader.u32()};
    const std::uint64_t dots = reader.varint();
    if (dots > kHistoryMax) return fail(ErrorCode::TooLarge, "history: too many numbers");
    for (std::uint64_t d = 0; d < dots && reader.ok(); ++d) {
      const DeviceId device{reader.u32()};
      copy.former.push_back({device, reader.varint()});
    }
    history.copies.push_back(std::move(copy));
  }
  TRY(reader.finish("history"));
  return history;
}

}  // namespace banyan::sync
