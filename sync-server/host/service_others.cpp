// What other processes over the same store have done: devices, news, and how far a replica has it.
#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::int64_t kDevicesAgainMs = 60'000;

}  // namespace

void Service::heard(const std::optional<std::vector<RowId>>& touched) {
  // A queue that is full leaves it to the next round of tend().
  (void)database_worker_.submit({[this, touched] {
                                   follow_others();
                                   if (const Status told = tell_of_others(touched); !told) {
                                     failed(told.error());
                                   }
                                 },
                                 {}});
}

void Service::listening(const Status& state) {
  listening_ = state.ok();
  if (state) return log_.write("listening");
  log_.write("not_listening", {{"detail", state.error().detail}});
}

// Tells those who may see what another process wrote; everybody, when it is not known what.
Status Service::tell_of_others(const std::optional<std::vector<RowId>>& touched) {
  http::Audience audience;
  audience.everybody = !touched.has_value();
  if (touched) {
    TRY_ASSIGN(audience, listeners_.of(bank_.store(), *touched));
  }
  network_.announce(bank_.store().head(), std::move(audience));
  return {};
}

Status Service::read_devices() {
  const std::int64_t now = bank_.clock().monotonic_ms();
  // Whom others retire is seen within a minute; the session itself asks the store each time.
  const bool all = now - devices_read_ms_ >= kDevicesAgainMs;
  TRY_ASSIGN(const auto records, bank_.store().devices(all ? DeviceId{} : next_device_));
  if (all) {
    devices_.set_all(records);
    devices_read_ms_ = now;
  }
  for (const sync::DeviceRecord& record : records) {
    const bool fresh = record.id >= next_device_;
    if (!all) {
      devices_.add(
          {record.id, record.user, record.sign_key, record.status == sync::DeviceStatus::Active});
    }
    if (!fresh) continue;
    TRY(listeners_.read(bank_.store(), record.user));
    next_device_ = DeviceId{number(record.id) + 1};
  }
  return {};
}

void Service::follow_others() {
  const std::uint64_t before = bank_.store().head();
  Status done = bank_.store().refresh();
  if (done) done = read_devices();
  if (reachable_.exchange(done.ok()) != done.ok()) {
    log_.write(done ? "store_reachable" : "store_unreachable",
               {{"detail", done ? "" : done.error().detail}});
  }
  // Nobody tells us what it was: all may ask.
  if (!done || listening_ || bank_.store().head() == before) return;
  if (const Status told = tell_of_others(std::nullopt); !told) failed(told.error());
}

void Service::follow_replica() {
  const auto replicated = bank_.shelf()->replicated();
  if (!replicated) return;  // follow_others() has said so
  if (*replicated <= bank_.store().stable()) return;
  if (const Status set = bank_.store().set_stable(*replicated); !set) {
    failed(set.error());
    return;
  }
  log_.write("stable", {{"seq", static_cast<std::int64_t>(*replicated)}});
}

}  // namespace banyan::server
