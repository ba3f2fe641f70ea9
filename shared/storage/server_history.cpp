// The history of one aggregate, as one person may read it.
#include <algorithm>
#include <set>

#include "shared/storage/server_state.h"

namespace banyan {
namespace {

// Read in one call, whether its reader may see them or not: nobody holds the log for long.
constexpr std::size_t kLookedAtMax = 5'000;
constexpr std::size_t kLookedAtOnce = 250;
constexpr std::size_t kBytesMax = sync::kHistoryBytesMax / 4;  // before the last portion

}  // namespace

Result<sync::History> ServerStore::history(RowId user, RowId aggregate, std::uint64_t before,
                                           std::size_t count_max) {
  State& s = *state_;
  TRY_ASSIGN(State::Unit unit, State::Unit::begin(s, State::Hold::Snapshot));
  TRY_ASSIGN(const sync::Standing standing, s.tables->standing(aggregate));
  TRY_ASSIGN(const std::vector<sync::AccessSpan> access, s.tables->access_of(user));
  const std::uint32_t mask = sync::visible_mask(standing.members, access);
  const Entity* staff = s.catalogue.entity(sync::kStaffEntity);
  if (standing.root == 0 || mask == 0 || staff == nullptr) {
    return fail(ErrorCode::NotFound, "no such record for this person");
  }
  TRY_ASSIGN(const Row person, s.tables->load_row(staff->no, user));
  const Role* role = sync::role_of(s.catalogue, person);
  if (role == nullptr) return fail(ErrorCode::NotFound, "this person has no role");

  sync::History history;
  history.aggregate = aggregate;
  history.before = before;
  std::uint64_t from = before == 0 ? s.head.seq + 1 : std::min(before, s.head.seq + 1);
  std::set<DeviceId> devices;
  std::size_t bytes = 0, looked_at = 0;
  bool more = true;
  const auto add = [&](const ServerTables::LogRow& row) -> Status {
    ++looked_at;
    from = row.seq;
    TRY_ASSIGN(LogEntry entry, read_entry(row));
    const bool kept =
        sync::keep_readable(entry.commit, entry.device, entry.outcome, s.catalogue, *role, mask);
    if (!kept) return {};
    bytes += entry.body.size();
    devices.insert(entry.device);
    const bool let_in = (entry.outcome.flags & sync::kLetIn) != 0;
    const std::uint64_t seen =
        let_in ? entry.outcome.seen
               : sync::map_seen(s.epochs, entry.commit.epoch, entry.commit.seen, entry.seq - 1);
    history.entries.push_back({entry.seq, entry.device, entry.dseq, entry.received_ms, entry.eff,
                               seen, entry.outcome.flags, std::move(entry.commit)});
    return {};
  };
  count_max = std::min(count_max, sync::kHistoryMax);
  while (more && looked_at < kLookedAtMax && bytes < kBytesMax &&
         history.entries.size() < count_max) {
    const std::size_t portion = std::min(kLookedAtOnce, count_max - history.entries.size());
    const std::size_t so_far = looked_at;
    TRY(s.tables->read_log_of(aggregate, from, portion, add));
    more = looked_at - so_far == portion;
  }
  history.next = more ? from : 0;
  for (const DeviceId id : devices) {
    TRY_ASSIGN(ServerTables::DeviceRow device, s.tables->device_row(id));
    if (!device.former.empty()) history.copies.push_back({id, std::move(device.former)});
  }
  TRY(unit.commit());
  return history;
}

}  // namespace banyan
