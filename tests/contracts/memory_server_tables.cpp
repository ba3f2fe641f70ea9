#include "tests/contracts/memory_server_tables.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "shared/base/check.h"
#include "shared/changelog/codec.h"
#include "shared/storage/state_hasher.h"

namespace banyan::test {
namespace {

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

std::vector<sync::Move> moves_where(const std::vector<sync::Move>& all, const auto& wanted) {
  std::vector<sync::Move> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), wanted);
  std::stable_sort(out.begin(), out.end(),
                   [](const sync::Move& a, const sync::Move& b) { return a.seq < b.seq; });
  return out;
}

}  // namespace

Status MemoryServerTables::begin(Hold hold) {
  BANYAN_CHECK(!before_);
  if (hold != Hold::Snapshot) before_ = now_;
  return {};
}

Status MemoryServerTables::commit() {
  before_.reset();
  return {};
}

void MemoryServerTables::roll_back() {
  if (before_) now_ = std::move(*before_);
  before_.reset();
}

Result<ServerTables::Head> MemoryServerTables::head() {
  if (!now_.head) return fail(ErrorCode::NotFound, "no head");
  return *now_.head;
}

Status MemoryServerTables::save_head(const Head& head) {
  now_.head = head;
  return {};
}

Result<std::vector<sync::Epoch>> MemoryServerTables::epochs() {
  std::vector<sync::Epoch> out;
  for (const auto& [epoch, at] : now_.epochs) out.push_back(epoch);
  return out;
}

Result<std::int64_t> MemoryServerTables::newest_epoch_ms() { return now_.epochs.back().second; }

Status MemoryServerTables::add_epoch(const sync::Epoch& epoch, std::int64_t at_ms) {
  now_.epochs.emplace_back(epoch, at_ms);
  return {};
}

Result<ServerTables::DeviceRow> MemoryServerTables::device_row(DeviceId id) {
  const auto at = now_.devices.find(id);
  if (at == now_.devices.end()) return fail(ErrorCode::NotFound, "no such device");
  return at->second;
}

Status MemoryServerTables::save_device(const DeviceRow& row) {
  now_.devices[row.record.id] = row;
  return {};
}

Result<DeviceId> MemoryServerTables::device_with_key(const VerifyKey& sign_key) {
  for (const auto& [id, row] : now_.devices) {
    if (row.record.sign_key == sign_key) return id;
  }
  return fail(ErrorCode::NotFound, "no device with this key");
}

Result<std::vector<sync::DeviceRecord>> MemoryServerTables::devices(DeviceId from) {
  std::vector<sync::DeviceRecord> out;
  for (auto at = now_.devices.lower_bound(from); at != now_.devices.end(); ++at) {
    out.push_back(at->second.record);
  }
  return out;
}

Status MemoryServerTables::contacted(DeviceId id, const Heard& heard) {
  const auto at = now_.devices.find(id);
  if (at == now_.devices.end()) return {};
  at->second.record.catalogue = heard.catalogue;
  at->second.record.whole_epoch = heard.whole_epoch;
  at->second.record.last_contact_ms = heard.now_ms;
  at->second.floor = std::max(at->second.floor, heard.floor);
  return {};
}

Result<std::optional<std::uint64_t>> MemoryServerTables::lowest_floor() {
  std::optional<std::uint64_t> lowest;
  for (const auto& [id, row] : now_.devices) {
    if (number(id) < 2 || row.record.status != sync::DeviceStatus::Active) continue;
    lowest = std::min(lowest.value_or(row.floor), row.floor);
  }
  return lowest;
}

Result<bool> MemoryServerTables::any_away(std::uint32_t epoch) {
  return std::any_of(now_.devices.begin(), now_.devices.end(), [&](const auto& item) {
    const sync::DeviceRecord& record = item.second.record;
    return number(record.id) >= 2 && record.status == sync::DeviceStatus::Active &&
           record.whole_epoch != epoch;
  });
}

Status MemoryServerTables::put_log(const LogRow& row) {
  BANYAN_CHECK(now_.places.emplace(std::pair{row.device, row.dseq}, row.seq).second);
  Logged logged{row, copy(row.body), copy(row.outcome)};
  BANYAN_CHECK(now_.log.emplace(row.seq, std::move(logged)).second);
  return {};
}

Status MemoryServerTables::put_signature(const SignedSpan& signature) {
  now_.signatures[{signature.span.device, signature.span.first}] = signature;
  return {};
}

Result<Hash256> MemoryServerTables::chain_hash(DeviceId id, std::uint64_t dseq) {
  const auto at = now_.places.find({id, dseq});
  if (at == now_.places.end()) return fail(ErrorCode::NotFound, "no such commit");
  return now_.log.at(at->second).row.hash;
}

Result<std::uint64_t> MemoryServerTables::place_of(DeviceId id, std::uint64_t dseq) {
  const auto at = now_.places.find({id, dseq});
  if (at == now_.places.end()) return fail(ErrorCode::NotFound, "no such commit");
  return at->second;
}

Result<OrderHash> MemoryServerTables::order_at(std::uint64_t seq) {
  const auto at = now_.log.find(seq);
  if (at == now_.log.end()) return fail(ErrorCode::NotFound, "no such sequence");
  return at->second.row.order;
}

Result<std::vector<sync::ChainedCommit>> MemoryServerTables::tail(DeviceId id, std::uint64_t dseq,
                                                                  std::size_t bytes_max) {
  std::vector<sync::ChainedCommit> out;
  std::size_t bytes = 0;
  for (auto at = now_.places.upper_bound({id, dseq});
       at != now_.places.end() && at->first.first == id; ++at) {
    if (!out.empty() && bytes >= bytes_max) break;
    const Logged& logged = now_.log.at(at->second);
    out.push_back({logged.row.dseq, logged.row.hash, logged.body});
    bytes += logged.body.size();
  }
  return out;
}

Status MemoryServerTables::ends(DeviceId id, std::uint64_t dseq, const EachLogRow& each) {
  for (auto at = now_.places.upper_bound({id, dseq});
       at != now_.places.end() && at->first.first == id; ++at) {
    const Logged& logged = now_.log.at(at->second);
    LogRow row = logged.row;
    row.body = {};
    row.outcome = logged.outcome;
    TRY(each(row));
  }
  return {};
}

Status MemoryServerTables::read_log(std::uint64_t from, std::uint64_t to, std::size_t count_max,
                                    Way way, const EachLogRow& each) {
  std::vector<const Logged*> found;
  for (auto at = now_.log.upper_bound(from); at != now_.log.end() && at->first < to; ++at) {
    found.push_back(&at->second);
  }
  if (way == Way::Back) std::reverse(found.begin(), found.end());
  if (found.size() > count_max) found.resize(count_max);
  for (const Logged* logged : found) {
    LogRow row = logged->row;
    row.body = logged->body;
    row.outcome = logged->outcome;
    TRY(each(row));
  }
  return {};
}

Status MemoryServerTables::read_log_of(RowId aggregate, std::uint64_t before, std::size_t count_max,
                                       const EachLogRow& each) {
  for (auto at = std::make_reverse_iterator(now_.log.lower_bound(before));
       at != now_.log.rend() && count_max > 0; ++at) {
    const Logged& logged = at->second;
    if (logged.row.aggregate != aggregate) continue;
    LogRow row = logged.row;
    row.body = logged.body;
    row.outcome = logged.outcome;
    TRY(each(row));
    --count_max;
  }
  return {};
}

Status MemoryServerTables::read_signatures(const std::function<Status(const SignedSpan&)>& each) {
  for (const auto& [key, signature] : now_.signatures) TRY(each(signature));
  return {};
}

Result<std::vector<sync::ParkedBundle>> MemoryServerTables::parked(const ParkedQuery& query) {
  std::vector<sync::ParkedBundle> out;
  for (const auto& [id, parked] : now_.parked) {
    const bool wanted =
        query.reasons.empty() ||
        std::find(query.reasons.begin(), query.reasons.end(), parked.reason) != query.reasons.end();
    if (wanted && parked.first <= query.first_max &&
        (!query.device || parked.device == *query.device)) {
      out.push_back(parked);
    }
  }
  if (query.device) {
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  if (out.size() > query.count_max) out.resize(query.count_max);
  return out;
}

Result<std::vector<DeviceId>> MemoryServerTables::devices_with_parked(sync::ParkReason reason) {
  std::set<DeviceId> found;
  for (const auto& [id, parked] : now_.parked) {
    if (parked.reason == reason) found.insert(parked.device);
  }
  return std::vector<DeviceId>(found.begin(), found.end());
}

Result<std::uint64_t> MemoryServerTables::parked_bytes(DeviceId id, sync::ParkReason besides) {
  std::uint64_t bytes = 0;
  for (const auto& [key, parked] : now_.parked)
    bytes += parked.device == id && parked.reason != besides ? parked.bundle.size() : 0;
  return bytes;
}

Status MemoryServerTables::add_parked(const sync::ParkedBundle& bundle) {
  sync::ParkedBundle& kept = now_.parked[++now_.parked_last] = bundle;
  kept.id = now_.parked_last;
  return {};
}

Status MemoryServerTables::set_parked(std::int64_t id, sync::ParkReason reason) {
  const auto at = now_.parked.find(id);
  if (at != now_.parked.end()) at->second.reason = reason;
  return {};
}

Status MemoryServerTables::drop_parked(std::int64_t id) {
  now_.parked.erase(id);
  return {};
}

Status MemoryServerTables::drop_parked(DeviceId id, std::uint64_t first, std::uint64_t bytes_max) {
  std::erase_if(now_.parked, [&](const auto& item) {
    const sync::ParkedBundle& parked = item.second;
    return parked.device == id && parked.first == first && parked.bundle.size() <= bytes_max;
  });
  return {};
}

Result<RowId> MemoryServerTables::find_row(const Entity& entity, const Field& field,
                                           const Value& value) {
  for (const auto& [key, stored] : now_.rows) {
    if (key.first == entity.no && stored.row.alive() && stored.row.cell(field.no) == value) {
      return key.second;
    }
  }
  return fail(ErrorCode::NotFound, "no such row");
}

Result<Hash256> MemoryServerTables::state_hash() {
  StateHasher hasher;
  for (const auto& [key, stored] : now_.rows) hasher.row(stored.seq, stored.row);
  for (const auto& [key, member] : now_.members) {
    hasher.member(key.first, key.second, member.mask, member.top, member.root);
  }
  std::vector<sync::Move> moves = now_.moves;
  std::sort(moves.begin(), moves.end(), [](const sync::Move& a, const sync::Move& b) {
    return std::tuple(a.scope, a.seq, a.aggregate) < std::tuple(b.scope, b.seq, b.aggregate);
  });
  for (const sync::Move& move : moves) hasher.move(move);
  for (const auto& [key, span] : now_.access) hasher.access(std::get<0>(key), span);
  return hasher.finish();
}

Result<std::vector<ConflictCell>> MemoryServerTables::conflicts(std::size_t count_max) {
  std::vector<ConflictCell> out;
  for (const auto& [key, stored] : now_.rows) {
    for (const Field& field : catalogue_.entity(key.first)->fields) {
      if (field.merge == Merge::Set) continue;
      std::map<std::int64_t, ConflictCell> cells;  // by element
      for (const Sibling& s : stored.row.siblings) {
        if (s.field != field.no || (s.element & 1) != 0) continue;  // a place of a paragraph
        const ConflictCell fresh{key.first, key.second, stored.row.aggregate,
                                 field.no,  s.element,  {}};
        cells.try_emplace(s.element, fresh).first->second.values.push_back(s);
      }
      for (const auto& [element, cell] : cells) {
        const auto differs = [&](const Sibling& s) { return s.value != cell.values[0].value; };
        const bool two = std::any_of(cell.values.begin(), cell.values.end(), differs);
        if (two && out.size() < count_max) out.push_back(cell);
      }
    }
  }
  return out;
}

Result<std::vector<ImportKey>> MemoryServerTables::import_keys(std::string_view source) {
  std::vector<ImportKey> out;
  for (const auto& [key, value] : now_.keys)
    if (key.first == source) out.push_back(value);
  return out;
}

Status MemoryServerTables::put_import_keys(std::string_view source,
                                           std::span<const ImportKey> keys) {
  for (const ImportKey& key : keys) now_.keys[{std::string(source), key.key}] = key;
  return {};
}

Status MemoryServerTables::put_receipt(const sync::CommandId& command, sync::ReceiptState state,
                                       ByteView bytes) {
  const std::pair receipt{state, Bytes(bytes.begin(), bytes.end())};
  if (state == sync::ReceiptState::Given) {
    now_.receipts[command] = receipt;
  } else {
    now_.receipts.emplace(command, receipt);
  }
  return {};
}

Result<std::vector<Bytes>> MemoryServerTables::receipts_given(DeviceId id, std::uint64_t dseq) {
  std::vector<Bytes> out;
  for (const auto& [command, receipt] : now_.receipts) {
    const bool given = receipt.first == sync::ReceiptState::Given;
    if (given && command.device == id && command.dseq > dseq) out.push_back(receipt.second);
  }
  return out;
}

// ---- sync::IngestStore, sync::FeedStore

Result<std::optional<Bytes>> MemoryServerTables::receipt(const sync::CommandId& command,
                                                         sync::ReceiptState state) {
  const auto at = now_.receipts.find(command);
  if (at == now_.receipts.end() || at->second.first != state) return std::optional<Bytes>();
  return std::optional(at->second.second);
}

Result<std::optional<sync::Edge>> MemoryServerTables::edge(std::uint32_t entity, RowId row) {
  const auto at = now_.edges.find({entity, row});
  return at == now_.edges.end() ? std::optional<sync::Edge>() : std::optional(at->second);
}

Status MemoryServerTables::keep_edge(const sync::Edge& edge) {
  now_.edges[{edge.entity, edge.row}] = edge;
  return {};
}

Result<std::vector<sync::Edge>> MemoryServerTables::edges_waiting(RowId other) {
  std::vector<sync::Edge> out;
  for (const auto& [key, edge] : now_.edges) {
    if (edge.other == other && edge.mirror == kNoRow) out.push_back(edge);
  }
  return out;
}

Result<Row> MemoryServerTables::load_row(std::uint32_t entity, RowId id) {
  const auto at = now_.rows.find({entity, id});
  if (at != now_.rows.end()) return at->second.row;
  Row row;
  row.entity = entity;
  row.id = id;
  return row;
}

Status MemoryServerTables::save_row(const Row& row, const Row&, std::uint64_t seq) {
  now_.rows[{row.entity, row.id}] = {row, seq};
  return {};
}

Result<std::vector<ServerTables::PlacedRow>> MemoryServerTables::rows_after(std::uint32_t entity,
                                                                            RowId after,
                                                                            std::size_t count_max) {
  std::vector<PlacedRow> out;
  for (auto at = now_.rows.upper_bound({entity, after});
       at != now_.rows.end() && at->first.first == entity && out.size() < count_max; ++at) {
    out.push_back({at->second.row, at->second.seq});
  }
  return out;
}

Status MemoryServerTables::rewrite_row(const PlacedRow& row, const Row& before) {
  return save_row(row.row, before, row.seq);
}

Result<sync::Standing> MemoryServerTables::standing(RowId aggregate) {
  sync::Standing standing;
  for (const auto& [key, member] : now_.members) {
    if (key.first != aggregate) continue;
    standing.members.push_back({key.second, member.mask});
    standing.top = member.top;
    standing.root = member.root;
  }
  return standing;
}

Status MemoryServerTables::add_member(RowId aggregate, std::uint32_t root,
                                      const sync::Membership& member, std::uint64_t seq) {
  now_.members[{aggregate, member.scope}] = {member.mask, root, seq};
  return {};
}

Status MemoryServerTables::remove_member(RowId aggregate, RowId scope) {
  now_.members.erase({aggregate, scope});
  return {};
}

Status MemoryServerTables::set_top(RowId aggregate, std::uint64_t seq) {
  for (auto& [key, member] : now_.members) {
    if (key.first == aggregate) member.top = seq;
  }
  return {};
}

Status MemoryServerTables::add_move(const sync::Move& move) {
  now_.moves.push_back(move);
  return {};
}

Result<std::vector<sync::Move>> MemoryServerTables::moves_of(RowId aggregate) {
  return moves_where(now_.moves, [&](const auto& move) { return move.aggregate == aggregate; });
}

Result<std::vector<sync::Move>> MemoryServerTables::moves_in(RowId scope, std::uint64_t since) {
  return moves_where(now_.moves,
                     [&](const auto& move) { return move.scope == scope && move.seq > since; });
}

Result<std::vector<sync::AccessSpan>> MemoryServerTables::access_of(RowId user) {
  std::vector<sync::AccessSpan> out;
  for (const auto& [key, span] : now_.access) {
    if (std::get<0>(key) == user) out.push_back(span);
  }
  return out;
}

Status MemoryServerTables::begin_access(RowId user, const sync::AccessSpan& span) {
  now_.access[{user, span.scope, span.from}] = span;
  return {};
}

Status MemoryServerTables::end_access(RowId user, RowId scope, std::uint64_t seq) {
  for (auto& [key, span] : now_.access) {
    if (std::get<0>(key) == user && span.scope == scope && span.open()) span.to = seq;
  }
  return {};
}

Result<std::int64_t> MemoryServerTables::received_ms(std::uint64_t seq) {
  const auto at = now_.log.find(seq);
  return at == now_.log.end() ? std::int64_t{0} : at->second.row.received_ms;
}

}  // namespace banyan::test
