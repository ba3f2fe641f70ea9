// What the database worker does by and by: orders of other commands, silent tablets, compaction.
#include "shared/base/date.h"
#include "sync-server/host/orders.h"
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::int64_t kCompactEveryMs = 3600 * 1000;
constexpr std::size_t kCompactRows = 500;  // at a time: some milliseconds

}  // namespace

void Service::take_orders() {
  const auto orders = server::take_orders(bank_.folder());
  if (!orders) return log_.write("orders_unreadable", {{"detail", orders.error().detail}});
  for (const Order& order : *orders) {
    const auto ended = carry_out(bank_.store(), sync_, order);
    if (!ended) {
      failed(ended.error());
      return;
    }
    log_.write("order", {{"ended", *ended}});
  }
  if (orders->empty()) return;
  // Who was retired is refused from now on.
  const auto devices = bank_.store().devices();
  if (devices) devices_.set_all(*devices);
  if (const Status told = announce({}); !told) failed(told.error());
}

// Once an hour: the horizon moves on, and the rows below it are folded, a few at a time.
void Service::compact() {
  const std::int64_t now = bank_.clock().monotonic_ms();
  ServerStore& store = bank_.store();
  if (!compacting_) {
    if (compacted_ms_ != 0 && now - compacted_ms_ < kCompactEveryMs) return;
    compacted_ms_ = now;
    const std::uint64_t before = store.horizon();
    Status moved = retire_silent();
    if (moved) moved = store.advance_horizon(options_.keep_days * kDayMs);
    if (!moved) {
      failed(moved.error());
      return;
    }
    if (store.horizon() == before) return;
    log_.write("horizon", {{"seq", static_cast<std::int64_t>(store.horizon())},
                           {"head", static_cast<std::int64_t>(store.head())}});
    compacting_.emplace();
  }
  const auto folded = store.compact(*compacting_, kCompactRows);
  if (!folded) {
    failed(folded.error());
    return;
  }
  if (compacting_->entity == 0) compacting_.reset();
}

Status Service::retire_silent() {
  if (options_.silent_days == 0) return {};
  const std::int64_t since = bank_.clock().wall_ms() - options_.silent_days * kDayMs;
  TRY_ASSIGN(const std::vector<sync::DeviceRecord> devices, bank_.store().devices());
  for (const sync::DeviceRecord& device : devices) {
    if (!silent(device, since)) continue;
    TRY(bank_.store().retire(device.id));
    devices_.add({device.id, device.user, device.sign_key, false});
    log_.write("retired", {{"device", static_cast<std::int64_t>(number(device.id))},
                           {"last_contact_ms", device.last_contact_ms}});
  }
  return {};
}

}  // namespace banyan::server
