#include "sync-server/host/service.h"

#include "sync-server/host/authority.h"
#include "sync-server/http/limits.h"

namespace banyan::server {
namespace {

constexpr std::size_t kQueueReadyMax = http::kQueueMax * 4 / 5;

}  // namespace

Service::Service(Bank& bank, const Options& options, http::Network& network, http::Worker& database,
                 http::Worker& disk, EventLog& log)
    : bank_(bank),
      options_(options),
      network_(network),
      database_worker_(database),
      disk_worker_(disk),
      log_(log),
      devices_([this](ByteView challenge) { return challenges_.challenge_fits(challenge); }),
      challenges_(bank.store(), bank.keys().organisation, bank.keys().challenge.duplicate(),
                  bank.clock(), any_random_),
      sync_(bank.store(), bank.keys().organisation, bank.keys().challenge.duplicate(), bank.clock(),
            bank.random()),
      codes_(bank.codes()),
      enrol_attempts_(100, 100, bank.clock()),
      enrol_failures_(10, 10, bank.clock()),
      rekeys_(10.0 / (24 * 60), 10, bank.clock()),
      rounds_(60, 120, bank.clock()),
      pages_(1200, 2400, bank.clock()),
      histories_(60, 120, bank.clock()),
      changes_(20'000.0 / 60, 60'000, bank.clock()),
      parcels_(60, 240, bank.clock()),
      parcel_box_(bank.folder() / "parcels"),
      chunks_(options.chunks.empty() ? bank.folder() / "chunks" : options.chunks),
      chunk_bytes_(512.0 * 1024 * 1024 / (24 * 60), 512.0 * 1024 * 1024, bank.clock()),
      tickets_(bank.keys().challenge.duplicate(), bank.clock()),
      files_(options.web) {}

Status Service::start() {
  TRY_ASSIGN(const std::vector<sync::DeviceRecord> devices, bank_.store().devices());
  devices_.set_all(devices);
  for (const sync::DeviceRecord& device : devices) TRY(listeners_.read(bank_.store(), device.user));
  if (!devices.empty()) next_device_ = DeviceId{number(devices.back().id) + 1};
  devices_read_ms_ = bank_.clock().monotonic_ms();
  const Organisation& organisation = bank_.organisation();
  catalogue_ =
      sync::encode_catalogue({organisation.number, bank_.packs().number, bank_.packs().canonical},
                             bank_.keys().organisation);
  marked_stable_ = bank_.store().stable();
  network_.announce(bank_.store().head(), {});  // for whoever comes
  TRY(codes_.tidy());
  return chunks_.tidy();
}

void Service::add_routes(http::Router& router) {
  using http::Method;
  const auto here = [this](Response (Service::*member)(const Request&)) {
    return [this, member](const Request& request) { return (this->*member)(request); };
  };
  http::Worker* database = &database_worker_;
  http::Worker* disk = &disk_worker_;

  router.add({Method::Get, "/v0/challenge", http::kNoBody, nullptr,
              [this](const Request&) { return http::reply_bytes(challenges_.challenge()); }});
  router.add({Method::Post, "/v0/sync", http::kSyncBody, database, here(&Service::sync)});
  router.add({Method::Post, "/v0/parcel", http::kSyncBody, database, here(&Service::parcel)});
  router.add({Method::Post, "/v0/enrol", http::kSmallBody, database, here(&Service::enrol)});
  router.add({Method::Post, "/v0/rekey", http::kRekeyBody, database, here(&Service::rekey)});
  router.add({Method::Get, "/v0/catalogue", http::kNoBody, nullptr,
              [this](const Request&) { return http::reply_bytes(catalogue_); }});
  router.add({Method::Get, "/v0/chunk/", http::kNoBody, disk, here(&Service::get_chunk)});
  router.add({Method::Put, "/v0/chunk/", http::kChunkBody, disk, here(&Service::put_chunk)});
  router.add({Method::Post, "/v0/ticket", http::kNoBody, nullptr, here(&Service::ticket)});
  http::Route news{Method::Get, "/v0/news", http::kNoBody, nullptr, here(&Service::news)};
  news.news = true;
  router.add(std::move(news));
  router.add({Method::Get, "/v0/arrivals", http::kNoBody, database, here(&Service::arrivals)});
  router.add({Method::Get, "/v0/devices", http::kNoBody, database, here(&Service::device_list)});
  router.add({Method::Get, "/v0/history", http::kNoBody, database, here(&Service::history)});
  // What is not listed above does not exist: no page of the app answers for it.
  router.add({Method::Get, "/v0/", http::kNoBody, nullptr,
              [](const Request&) { return http::reply_error(404, "NotFound"); }});

  const auto quiet = [&](const char* path, http::Handler handle) {
    http::Route route{Method::Get, path, http::kNoBody, nullptr, std::move(handle)};
    route.quiet = true;
    router.add(std::move(route));
  };
  quiet("/healthz", [](const Request&) { return http::reply_json("{\"status\":\"ok\"}\n"); });
  quiet("/readyz", [this](const Request&) { return ready(); });
  quiet("/", [this](const Request& request) { return files_.get(request); });
  if (!options_.authority_crt.empty()) {
    quiet("/authority.crt", [this](const Request&) { return authority(); });
  }
}

http::Response Service::ready() const {
  const std::size_t waiting = database_worker_.waiting();
  const bool ready = !network_.draining() && !stopped_ && reachable_ && waiting < kQueueReadyMax;
  const std::string text = std::string("{\"ready\":") + (ready ? "true" : "false") +
                           ",\"connections\":" + std::to_string(network_.connections()) +
                           ",\"waiting\":" + std::to_string(waiting) + "}\n";
  return http::reply_json(text, ready ? 200 : 503);
}

http::Response Service::authority() const {
  auto pem = read_file(options_.authority_crt, kPemMax);
  if (!pem) return http::reply_error(404, "NotFound");
  return http::reply_bytes(std::move(*pem), "application/x-x509-ca-cert");
}

// A store that failed to write is not trusted again: the process ends, and the
// next start recovers what was saved.
http::Response Service::failed(const Error& error) {
  log_.write("store_failed", {{"code", banyan::name_of(error.code)}, {"detail", error.detail}});
  if (bank_.store().stopped() && !stopped_.exchange(true)) network_.begin_drain();
  if (stopped_) return http::reply_later(503, "Unavailable", 5);
  return http::reply_error(error);
}

void Service::tend() {
  // Busy or stopping: the next round does it.
  (void)database_worker_.submit({[this] { tend_database(); }, {}});
  tend_parcels();
}

void Service::tend_database() {
  take_orders();
  compact();
  if (bank_.shelf() == nullptr) return follow_backup();
  follow_others();
  follow_replica();
}

// Takes over how far a backup reaches that another process has made.
void Service::follow_backup() {
  const auto mark = read_backup_mark(bank_.folder());
  if (!mark) {
    log_.write("backup_mark_unreadable", {{"detail", mark.error().detail}});
    return;
  }
  if (!*mark || (*mark)->seq <= marked_stable_ || (*mark)->epoch != bank_.store().epoch()) return;
  if (const Status set = bank_.store().set_stable((*mark)->seq); !set) {
    failed(set.error());
    return;
  }
  marked_stable_ = (*mark)->seq;
  log_.write("stable", {{"seq", static_cast<std::int64_t>(marked_stable_)}});
}

}  // namespace banyan::server
