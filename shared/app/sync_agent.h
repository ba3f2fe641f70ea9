// Decides when to sync and keeps the rounds going: after a save, on news from
// the server, every few minutes, and when a person asks. A lost connection is
// normal; it waits longer each time, up to five minutes, with some chance in it
// so that a thousand tablets do not come back in the same second.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "shared/app/edges.h"
#include "shared/sync/client.h"

namespace banyan {

// What the sync pill and the sync screen say.
struct SyncStatus {
  enum class State : std::uint8_t { Idle, Running, Waiting };
  // Why the last attempt ended without success. None: it succeeded.
  enum class Trouble : std::uint8_t {
    None,
    NoNetwork,
    ServerBusy,
    UnknownDevice,
    Retired,
    Forked,
    NewerCatalogue,
    Refused,
    Storage
  };

  State state = State::Idle;
  Trouble trouble = Trouble::None;
  std::string detail;                                // for support, in small print
  std::int64_t last_success_ms = 0;                  // wall clock; 0: never
  std::int64_t next_try_ms = 0;                      // wall clock; 0: nothing planned
  std::int64_t took_ms = 0;                          // of the last successful sync
  std::uint64_t bytes_sent = 0, bytes_received = 0;  // of the current or last sync
  std::uint64_t aggregates = 0;                      // received in the current or last sync
  std::uint64_t left = 0;                            // still to come in it, at most

  // How much of the current sync is here, 0 to 1; 0 while nothing is known.
  double part() const;
};

class SyncAgent {
 public:
  // `client` must outlive the agent. `applied` is called after every page that
  // was applied, `finished` after every attempt.
  SyncAgent(const Edges& edges, sync::Client& client, std::function<void()> applied,
            std::function<void(const SyncStatus&)> finished);
  ~SyncAgent();
  SyncAgent(const SyncAgent&) = delete;
  SyncAgent& operator=(const SyncAgent&) = delete;

  // Before this start of the app; wall clock.
  void synced_before(std::int64_t wall_ms) { status_.last_success_ms = wall_ms; }

  void sync_now();      // a person asks
  void saved();         // something was written: soon
  void network_back();  // the system says so
  void pause();         // finishes the running request, starts no other
  void resume();

  // Starts what is due. Returns the milliseconds until it wants to be called
  // again, or nothing when only an event can make work.
  std::optional<std::int64_t> tick();

  const SyncStatus& status() const { return status_; }

 private:
  void start();
  void send_next();
  void replied(Result<HttpReply> reply);
  void step(const sync::Progress& progress);
  void end(SyncStatus::Trouble trouble, std::string detail, std::int64_t wait_ms = 0);
  void plan(std::int64_t delay_ms);
  void listen();

  const Edges& edges_;
  sync::Client& client_;
  std::function<void()> applied_;
  std::function<void(const SyncStatus&)> finished_;
  SyncStatus status_;
  std::int64_t due_ms_ = 0;  // monotonic; 0: nothing planned
  std::int64_t started_ms_ = 0;
  int failures_ = 0;
  bool paused_ = false;
  bool again_ = false;  // asked for while one was running
  bool listening_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // callbacks may come late
};

}  // namespace banyan
