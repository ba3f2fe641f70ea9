// What the server itself writes: commits of devices 0 and 1, decisions on commands with their
// receipts, mirrors of edges.
#include <algorithm>

#include "shared/changelog/chain.h"
#include "shared/storage/expressions.h"
#include "shared/storage/server_state.h"

namespace banyan {

Result<std::unique_ptr<ExpressionEngine>> make_expressions() {
  TRY_ASSIGN(std::unique_ptr<Expressions> made, Expressions::create());
  return std::unique_ptr<ExpressionEngine>(std::move(made));
}

// The server does not make mistakes quietly.
Status all_taken(const Commit& commit, const sync::CommitOutcome& outcome) {
  for (const sync::CommitOutcome::Op& op : outcome.ops) {
    if (!rejected(op.outcome)) continue;
    const RowWrite& write = commit.rows[op.row];
    return fail(ErrorCode::Invalid, "entity " + std::to_string(write.entity) + " field " +
                                        std::to_string(op.field) + " outcome " +
                                        std::to_string(static_cast<int>(op.outcome)));
  }
  return {};
}

// ---- authors without a tablet

RowId ServerStore::State::mint(DeviceId device) {
  auto at = minters.find(device);
  if (at == minters.end() || at->second.nearly_used_up()) {
    at = minters
             .insert_or_assign(device,
                               RowIdMinter(device, static_cast<std::uint32_t>(random.next_u64())))
             .first;
  }
  return at->second.next();
}

Result<ServerStore::State::Authoring> ServerStore::State::begin_authoring(DeviceId id) {
  Authoring by;
  TRY_ASSIGN(by.device, tables->device_row(id));
  const auto& record = by.device.record;
  by.span = {organisation, catalogue.number(), id, record.head + 1, 0, record.head_hash};
  return by;
}

Result<ServerStore::State::OwnCommit> ServerStore::State::next_own(
    Authoring& by, const Draft& draft, std::uint64_t eff, std::int64_t now_ms, const Head& now,
    sync::Ingest& ingest) {
  const std::uint64_t hlc =
      std::max(eff + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(now_ms, 0)) << 16);
  OwnCommit own;
  TRY_ASSIGN(own.commit, draft_commit(draft, hlc, now, ingest));
  ByteWriter body;
  encode_commit(own.commit, body);
  own.body = body.take();
  by.device.record.head_hash = next_chain(by.device.record.head_hash, own.body);
  ++by.device.record.head;
  ++by.span.count;
  return own;
}

Status ServerStore::State::finish_authoring(const Authoring& by, std::int64_t now_ms) {
  if (by.span.count == 0) return {};
  TRY(tables->put_signature(
      {by.span, sign_span(key, by.span, by.device.record.head_hash), now_ms}));
  return tables->save_device(by.device);
}

sync::Ingest ServerStore::State::begin_ingest(const sync::Ingest::Author& author,
                                              std::int64_t now_ms, sync::Gate gate) {
  return {*tables, machines, [this] { return mint(kServerDevice); }, epochs, author, now_ms, gate};
}

// ---- decisions

Status ServerStore::State::write_decisions(sync::Ingest& ingest, std::optional<Authoring>& by,
                                           std::int64_t now_ms, Head& now) {
  // What is written may call for more: an edge that a command moved, for its mirror.
  std::vector<sync::Decision> left = ingest.decisions();
  while (!left.empty()) {
    if (!by) {
      TRY_ASSIGN(by, begin_authoring(kServerDevice));
    }
    std::vector<sync::Decision> more;
    for (sync::Decision& decision : left) {
      TRY(write_decision(decision, ingest, *by, now_ms, now));
      for (sync::Decision& next : ingest.decisions()) more.push_back(std::move(next));
    }
    left = std::move(more);
  }
  return {};
}

Status ServerStore::State::write_decision(sync::Decision& decision, sync::Ingest& ingest,
                                          Authoring& by, std::int64_t now_ms, Head& now) {
  if (decision.draft) {
    TRY_ASSIGN(const OwnCommit own,
               next_own(by, *decision.draft, by.device.eff, now_ms, now, ingest));
    const std::uint64_t dseq = by.device.record.head;
    TRY_ASSIGN(const sync::CommitOutcome outcome,
               ingest.take_own(own.commit, dseq, now.seq + 1, by.device.eff));
    TRY(all_taken(own.commit, outcome));
    TRY(log_commit({&own.commit, own.body, by.device.record.head_hash}, kServerDevice, dseq, ingest,
                   outcome, now_ms, now));
  }
  if (!decision.receipt) return {};
  sync::Receipt& receipt = *decision.receipt;
  receipt.organisation = organisation;
  receipt.epoch = now.epoch;
  receipt.seq = now.seq;
  receipt.time_ms = now_ms;
  return tables->put_receipt(receipt.command, sync::ReceiptState::Given,
                             sync::encode_receipt(receipt, key));
}

Status ServerStore::present(const sync::Receipt& receipt, ByteView bytes) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Order));
  // Of this epoch: then it was given here, or by nobody.
  if (receipt.epoch == s.head.epoch) return {};
  TRY(s.tables->put_receipt(receipt.command, sync::ReceiptState::Shown, bytes));
  return unit.commit();
}

}  // namespace banyan
