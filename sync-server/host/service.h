// The routes of a bank: what each path does. SERVER.md has them as a table.
//
// Three threads: the network's (quick answers), `database` (everything that
// touches the store, in order), `disk` (chunks). Each member below says whose it is.
#pragma once

#include <atomic>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/sync/enrol.h"
#include "shared/sync/server.h"
#include "sync-server/host/admission.h"
#include "sync-server/host/bank.h"
#include "sync-server/host/chunk_store.h"
#include "sync-server/host/devices.h"
#include "sync-server/host/enrol_codes.h"
#include "sync-server/host/listeners.h"
#include "sync-server/host/parcel_box.h"
#include "sync-server/http/event_log.h"
#include "sync-server/http/network.h"
#include "sync-server/http/static_files.h"

namespace banyan::server {

class Service {
 public:
  struct Options {
    std::filesystem::path web;
    std::vector<std::string> origins;     // beside the server's own
    std::filesystem::path authority_crt;  // empty: none to offer
    int keep_days = 400;
    int silent_days = 180;
    std::filesystem::path chunks;  // empty: in the data folder
  };

  // Everything must outlive the service, and the workers must have stopped
  // before it goes.
  Service(Bank& bank, const Options& options, http::Network& network, http::Worker& database,
          http::Worker& disk, EventLog& log);

  // Reads the devices. Call once, before the routes are used.
  Status start();
  void add_routes(http::Router& router);

  bool has_app() const { return !files_.empty(); }

  // Work that comes round every few seconds.
  void tend();
  // Another process has moved the log on; whether we hear of it. From any thread.
  void heard(const std::optional<std::vector<RowId>>& touched);
  void listening(const Status& state);

  // Fields by name; those that the packs do not have are left out.
  using NamedValues = std::vector<std::pair<std::string_view, Value>>;

 private:
  using Request = http::Request;
  using Response = http::Response;

  // service_sync.cpp
  Response sync(const Request& request);
  Response too_fast(const Request& request);
  void after_sync(const sync::Server::Handled& handled);
  // service_enrol.cpp
  Response enrol(const Request& request);
  Result<Bytes> enrol_device(const sync::EnrolRequest& request);
  sync::EnrolReply enrolment_of(DeviceId device, RowId user, const Bank::Person& person);
  // service_rekey.cpp
  Response rekey(const Request& request);
  Result<Bytes> rekey_device(const Devices::Known& former, ByteView body);
  // service_devices.cpp
  Status write_device_rows(DeviceId device, RowId user, const Bank::Person& person);
  Status note_contact(DeviceId device);
  Status mark_copied(DeviceId device);
  Status update_report(DeviceId device, const NamedValues& values);
  // service_news.cpp
  Response ticket(const Request& request);
  Response news(const Request& request);
  bool own_origin(const Request& request) const;
  Status announce(DeviceId besides);
  // service_chunks.cpp
  Response get_chunk(const Request& request);
  Response put_chunk(const Request& request);
  // service_parcels.cpp
  Response parcel(const Request& request);
  void after_parcel(const ParcelNote& note, std::int64_t carrier);
  void tend_parcels();
  // service_headquarters.cpp
  Response arrivals(const Request& request);
  Response device_list(const Request& request);
  Result<bool> headquarters(const Request& request);
  Response history(const Request& request);
  // service.cpp
  Response ready() const;
  Response authority() const;
  Response failed(const Error& error);
  void tend_database();
  // service_care.cpp
  void take_orders();
  void compact();
  Status retire_silent();
  void follow_backup();
  // service_others.cpp
  void follow_others();
  void follow_replica();
  Status read_devices();
  Status tell_of_others(const std::optional<std::vector<RowId>>& touched);

  Bank& bank_;
  const Options options_;
  http::Network& network_;
  http::Worker& database_worker_;
  http::Worker& disk_worker_;
  EventLog& log_;

  Devices devices_;           // any thread
  SystemRandom any_random_;   // any thread: the system's generator has no state
  sync::Server challenges_;   // any thread: only challenge() and challenge_fits()
  sync::Server sync_;         // database
  Listeners listeners_;       // database
  EnrolCodes codes_;          // database
  RateLimit enrol_attempts_;  // database; by address
  RateLimit enrol_failures_;  // database; by address
  RateLimit rekeys_;          // database; by device
  RateLimit rounds_;          // database; by device
  RateLimit pages_;           // database; by device
  RateLimit histories_;       // database; by device
  RateLimit changes_;         // database; by device
  RateLimit parcels_;         // database; by carrier
  ParcelBox parcel_box_;      // database
  std::unordered_map<std::uint32_t, std::int64_t> slowed_until_ms_;   // database
  std::unordered_map<std::uint32_t, std::int64_t> contact_noted_ms_;  // database
  std::int64_t compacted_ms_ = 0;                                     // database; monotonic
  std::optional<ServerStore::RowPlace> compacting_;                   // database; under way
  std::uint64_t marked_stable_ = 0;                                   // database
  DeviceId next_device_{};                                            // database: not read yet
  std::int64_t devices_read_ms_ = 0;                                  // database: all of them
  std::atomic<bool> listening_ = false;                               // to other processes
  std::atomic<bool> reachable_ = true;                                // the store, lately
  std::atomic<bool> stopped_ = false;                                 // the store failed
  ChunkStore chunks_;                                                 // disk
  RateLimit chunk_bytes_;                                             // disk; by device
  Tickets tickets_;                                                   // network
  http::StaticFiles files_;                                           // network
  Bytes catalogue_;                                                   // constant after start()
};

}  // namespace banyan::server
