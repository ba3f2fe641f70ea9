// `devices`, `retire` and `parked`: what a person decides about tablets and about their work
// that waits for him.
#include <cstdio>
#include <ctime>
#include <span>

#include "shared/base/date.h"
#include "shared/sync/server.h"
#include "sync-server/host/bank.h"
#include "sync-server/host/commands.h"
#include "sync-server/host/orders.h"

namespace banyan::server {
namespace {

std::string time_text(std::int64_t ms) {
  if (ms == 0) return "never";
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  char text[32];
  if (gmtime_r(&seconds, &parts) == nullptr) return "?";
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts));
}

const char* words_of(sync::ParkReason reason) {
  switch (reason) {
    case sync::ParkReason::Gap: return "waits for what comes before it";
    case sync::ParkReason::NewerCatalogue: return "waits for newer packs on this server";
    case sync::ParkReason::RetiredDevice: return "its device is retired: for a person";
    case sync::ParkReason::Fork: return "another copy has written under these numbers";
    case sync::ParkReason::AfterRestore: return "waits for what a restore took away";
    case sync::ParkReason::BelowHorizon: return "written without knowing of long ago: for a person";
    case sync::ParkReason::TooLate: return "to a customer that moved away long ago: for a person";
  }
  return "?";
}

// By the running server when there is one, here otherwise.
Status carry_out(const BankSettings& settings, std::span<const Order> orders) {
  const auto bank = Bank::open(settings, Bank::Use::Write);
  if (!bank && bank.error().code == ErrorCode::Locked) {
    for (const Order& order : orders) TRY(leave_order(settings.data, order));
    std::printf("The running server does it within seconds; its log says how it ended.\n");
    return {};
  }
  if (!bank) return bank.error();
  Bank& open = **bank;
  sync::Server server(open.store(), open.keys().organisation, open.keys().challenge.duplicate(),
                      open.clock(), open.random());
  for (const Order& order : orders) {
    TRY_ASSIGN(const std::string ended, carry_out(open.store(), server, order));
    std::printf("%s\n", ended.c_str());
  }
  return open.close();
}

Status list_devices(Bank& bank) {
  TRY_ASSIGN(const std::vector<sync::DeviceRecord> devices, bank.store().devices());
  std::printf("%-8s %-20s %-8s %-22s %s\n", "device", "staff", "commits", "last contact", "");
  for (const sync::DeviceRecord& device : devices) {
    if (device.id == kImportDevice || device.id == kServerDevice) continue;
    const auto person = bank.person(device.user);
    std::printf(
        "%-8u %-20s %-8llu %-22s %s\n", number(device.id), person ? person->staff_no.c_str() : "?",
        static_cast<unsigned long long>(device.head), time_text(device.last_contact_ms).c_str(),
        device.status == sync::DeviceStatus::Retired ? "retired" : "");
  }
  std::printf("Clocks are folded up to %llu of %llu.\n",
              static_cast<unsigned long long>(bank.store().horizon()),
              static_cast<unsigned long long>(bank.store().head()));
  return {};
}

Status run_retire(const RetireSettings& settings) {
  std::vector<Order> orders;
  for (const std::uint32_t device : settings.devices) {
    orders.push_back({Order::Kind::Retire, device});
  }
  if (settings.silent_days > 0) {
    TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Look));
    const std::int64_t since = bank->clock().wall_ms() - settings.silent_days * kDayMs;
    TRY_ASSIGN(const std::vector<sync::DeviceRecord> devices, bank->store().devices());
    for (const sync::DeviceRecord& device : devices) {
      if (silent(device, since)) orders.push_back({Order::Kind::Retire, number(device.id)});
    }
  }
  if (orders.empty()) {
    std::printf("No device to retire.\n");
    return {};
  }
  return carry_out(settings.bank, orders);
}

Status run_parked(const ParkedSettings& settings) {
  if (!settings.let_in.empty()) {
    std::vector<Order> orders;
    for (const std::uint64_t id : settings.let_in) orders.push_back({Order::Kind::LetIn, id});
    return carry_out(settings.bank, orders);
  }
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Look));
  TRY_ASSIGN(const std::vector<sync::ParkedBundle> parked, bank->store().parked());
  if (parked.empty()) std::printf("Nothing waits.\n");
  for (const sync::ParkedBundle& each : parked) {
    std::printf("%-8lld device %u, from commit %llu, %zu bytes, received %s: %s\n",
                static_cast<long long>(each.id), number(each.device),
                static_cast<unsigned long long>(each.first), each.bundle.size(),
                time_text(each.received_ms).c_str(), words_of(each.reason));
  }
  return {};
}

}  // namespace

bool silent(const sync::DeviceRecord& device, std::int64_t since_ms) {
  const bool tablet = device.id != kImportDevice && device.id != kServerDevice;
  return tablet && device.status == sync::DeviceStatus::Active && device.last_contact_ms < since_ms;
}

Result<std::string> carry_out(ServerStore& store, sync::Server& server, const Order& order) {
  const std::string number_text = std::to_string(order.number);
  if (order.kind == Order::Kind::Retire) {
    const Status retired = store.retire(DeviceId{static_cast<std::uint32_t>(order.number)});
    if (!retired && retired.error().code != ErrorCode::NotFound) return retired.error();
    return retired ? "Device " + number_text + " is retired."
                   : "There is no device " + number_text + ".";
  }
  TRY_ASSIGN(const std::vector<sync::ParkedBundle> parked, store.parked());
  for (const sync::ParkedBundle& each : parked) {
    if (static_cast<std::uint64_t>(each.id) != order.number) continue;
    sync::Server::Handled handled;
    TRY_ASSIGN(const sync::PushReport report, server.let_in(each, handled));
    switch (report.status) {
      case sync::PushStatus::Ok:
        return "Bundle " + number_text + " is in the log: " + std::to_string(handled.appended) +
               " commits with what waited behind it.";
      case sync::PushStatus::Parked:
        return "Bundle " + number_text +
               " waits for what comes before it, or for work of another device that a restore took"
               " away: let that in first.";
      default: return "Bundle " + number_text + " does not fit the device's chain: it stays.";
    }
  }
  return "There is no bundle " + number_text + ".";
}

int devices(const DevicesSettings& settings) {
  const auto bank = Bank::open(settings.bank, Bank::Use::Look);
  if (!bank) return complain(bank.error());
  const Status done = list_devices(**bank);
  return done ? 0 : complain(done.error());
}

int retire(const RetireSettings& settings) {
  const Status done = run_retire(settings);
  return done ? 0 : complain(done.error());
}

int parked(const ParkedSettings& settings) {
  const Status done = run_parked(settings);
  return done ? 0 : complain(done.error());
}

}  // namespace banyan::server
