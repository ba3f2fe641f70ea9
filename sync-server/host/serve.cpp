#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>

#include "sync-server/host/authority.h"
#include "sync-server/host/commands.h"
#include "sync-server/host/qr.h"
#include "sync-server/host/service.h"
#include "sync-server/host/welcome.h"
#include "sync-server/http/limits.h"
#include "sync-server/postgres/news.h"

namespace banyan::server {
namespace {

constexpr std::size_t kBatchMax = 64;
constexpr auto kTendEvery = std::chrono::seconds(2);

struct File {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, File>;

// How TLS is set up, and what a tablet must know of it.
struct Security {
  std::shared_ptr<http::TlsContext> tls;  // null: plain HTTP
  std::optional<DevelopmentTls> development;
};

Result<Security> set_up_tls(const ServeSettings& settings, const std::filesystem::path& folder) {
  Security security;
  if (settings.tls) {
    TRY_ASSIGN(security.development, development_tls(folder / "tls", machine_addresses()));
    TRY_ASSIGN(security.tls,
               http::load_tls(security.development->certificate, security.development->key));
  } else if (!settings.certificate.empty()) {
    TRY_ASSIGN(security.tls, http::load_tls(settings.certificate, settings.key));
  }
  return security;
}

std::vector<std::string> listen_addresses(const ServeSettings& settings) {
  if (settings.address != "localhost") return {settings.address};
  // A tablet must reach a server that has a certificate for it.
  if (settings.tls) return {"0.0.0.0"};
  return {"127.0.0.1", "::1"};
}

Result<std::uint16_t> listen_all(http::Network& network, const ServeSettings& settings,
                                 const Security& security, const http::Router& router) {
  std::uint16_t port = settings.port;
  bool first = true;
  for (const std::string& address : listen_addresses(settings)) {
    const auto bound = network.listen(address, port, security.tls, router);
    if (!bound && first) return bound.error();
    if (bound) port = *bound;  // a machine without IPv6 has only the first
    first = false;
  }
  return port;
}

std::string url_of(const ServeSettings& settings, const Security& security, std::uint16_t port) {
  if (!settings.public_url.empty()) return settings.public_url;
  std::string host = settings.address;
  if (security.development && settings.address == "localhost") {
    // The first address that is not this machine's own business.
    for (const std::string& each : security.development->addresses) {
      const bool local = each == "localhost" || each == "127.0.0.1" || each == "::1";
      if (!local && each.find_first_not_of("0123456789.") == std::string::npos) host = each;
    }
  }
  if (host == "0.0.0.0" || host == "::") host = "localhost";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return std::string(security.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

// A tablet takes the authority's certificate over plain HTTP, since it cannot yet
// trust the other port; the fingerprint tells whether it is the right one.
Status offer_authority(http::Network& network, const Security& security, std::uint16_t port,
                       const std::string& url, http::Router& router) {
  const std::filesystem::path file = security.development->authority;
  router.add(
      {http::Method::Get, "/authority.crt", http::kNoBody, nullptr, [file](const http::Request&) {
         auto pem = read_file(file, 64 * 1024);
         if (!pem) return http::reply_error(404, "NotFound");
         return http::reply_bytes(std::move(*pem), "application/x-x509-ca-cert");
       }});
  // The port after the app's where that is free: easy to tell a firewall. The link names it.
  auto bound = network.listen("0.0.0.0", static_cast<std::uint16_t>(port + 1), nullptr, router);
  if (!bound) bound = network.listen("0.0.0.0", 0, nullptr, router);
  if (!bound) return bound.error();
  const std::string host = url.substr(8, url.rfind(':') - 8);
  const std::string link = "http://" + host + ":" + std::to_string(*bound) + "/authority.crt";
  TRY_ASSIGN(const std::string qr, qr_text(link));
  std::printf(
      "\nA tablet must first trust this machine's development authority: install\n  %s\n"
      "%sand compare its SHA-256 fingerprint:\n  %s\n",
      link.c_str(), qr.c_str(), security.development->fingerprint.c_str());
  TRY_ASSIGN(const std::string app, qr_text(url));
  std::printf("\nThen open the app there:\n  %s\n%s", url.c_str(), app.c_str());
  return {};
}

// Everything a bank's workers share: one flush of the disk for what has queued up.
http::Worker::Batch batch_of(ServerStore& store, EventLog& log) {
  const auto noted = [&log](const Status& status) {
    if (status) return true;
    log.write("group_failed",
              {{"code", banyan::name_of(status.error().code)}, {"detail", status.error().detail}});
    return false;
  };
  return {kBatchMax, [&store, noted] { return noted(store.begin_group()); },
          [&store, noted] { return noted(store.commit_group()); }};
}

Status run(const ServeSettings& settings, EventLog& log) {
  const auto began = std::chrono::steady_clock::now();
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Write));
  if (!bank->packs().kept_because.empty()) {
    std::fprintf(stderr,
                 "The packs were not taken; the bank goes on with set %u. What is wrong:\n%s",
                 bank->packs().number, bank->packs().kept_because.c_str());
    log.write("packs_refused", {{"kept", static_cast<std::int64_t>(bank->packs().number)}});
  }
  TRY_ASSIGN(const Security security, set_up_tls(settings, settings.bank.data));

  http::Network network({.connections_max = settings.connections_max, .times = {}}, log);
  http::Router router, authority_router;
  std::optional<Service> service;
  {
    http::Worker database(http::kQueueMax, batch_of(bank->store(), log));
    http::Worker disk(http::kQueueMax);
    const Service::Options options{
        settings.web,
        settings.origins,
        security.development ? security.development->authority : std::filesystem::path(),
        settings.keep_days,
        settings.silent_days,
        settings.chunks};
    service.emplace(*bank, options, network, database, disk, log);
    TRY(service->start());
    service->add_routes(router);
    TRY_ASSIGN(const std::uint16_t port, listen_all(network, settings, security, router));
    network.every(kTendEvery, [&service] { service->tend(); });
    std::optional<postgres::News> news;
    if (bank->shelf() != nullptr) {
      news.emplace(
          settings.listen.empty() ? settings.bank.store : settings.listen,
          postgres::News::Heard{[&service](const std::optional<std::vector<RowId>>& touched) {
                                  service->heard(touched);
                                },
                                [&service](const Status& state) { service->listening(state); }});
    }

    const std::string url = url_of(settings, security, port);
    std::printf("%s is open at %s\n", bank->organisation().name.c_str(), url.c_str());
    if (!service->has_app()) {
      std::printf("There is no app in %s: devices are served, browsers see nothing.\n",
                  settings.web.c_str());
    }
    if (security.development) {
      TRY(offer_authority(network, security, port, url, authority_router));
    }
    TRY(offer_demo_codes(*bank, url));
    std::fflush(stdout);
    const auto took = std::chrono::steady_clock::now() - began;
    log.write("started",
              {{"port", port},
               {"url", url},
               {"catalogue", static_cast<std::int64_t>(bank->packs().number)},
               {"seq", static_cast<std::int64_t>(bank->store().head())},
               {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
    network.run();
  }  // the workers finish what is queued
  const bool failed = bank->store().stopped();
  if (failed) return fail(ErrorCode::Io, "the database failed; what was acknowledged is safe");
  TRY(bank->close());
  log.write("stopped");
  return {};
}

}  // namespace

int serve(const ServeSettings& settings) {
  OpenFile file;
  if (!settings.log.empty()) {
    file.reset(std::fopen(settings.log.c_str(), "ae"));
    if (!file) return complain(fail(ErrorCode::Io, "cannot write " + settings.log.string()));
  }
  const SystemClock clock;
  EventLog log(file ? file.get() : stderr, clock);
  const Status ended = run(settings, log);
  return ended ? 0 : complain(ended.error());
}

int complain(const Error& error) {
  std::fprintf(stderr, "banyan-server: %s\n", error.detail.c_str());
  return 1;
}

}  // namespace banyan::server
