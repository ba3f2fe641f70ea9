// Many tablets on one thread: each is a coroutine that syncs as the app does, waiting as long as
// the server asks it to.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/load/bank.h"
#include "tests/bench/load/line.h"

namespace banyan::bench {

// What all tablets of a phase met.
struct Tally {
  std::vector<double> sync_ms;     // from the wish to sync until nothing is left to send or take
  std::vector<double> request_ms;  // of requests that were served
  std::uint64_t requests = 0, shed = 0, broken = 0;
  std::uint64_t unnamed_waits = 0;  // refused without a time to come back: there must be none
  std::uint64_t bytes_up = 0, bytes_down = 0;
};

class Crowd {
 public:
  explicit Crowd(LoadBank& bank) : bank_(bank) {}

  asio::io_context& io() { return io_; }
  LoadBank& bank() { return bank_; }
  // A tablet stays with one server, as behind a balancer.
  std::uint16_t port(std::size_t which) const { return bank_.host().port(which); }
  Tally& tally() { return tally_; }

  // Starts a coroutine; run() ends when all have.
  void start(Task<> task);
  // Gives up when that takes longer than half an hour.
  void run();

  Task<> sleep(SteadyClock::duration time);
  Task<> sleep_until(SteadyClock::time_point when);
  // Syncs until nothing is left, however often it is turned away.
  Task<> sync(Tablet& tablet, Line& line);

 private:
  Task<> watch();

  LoadBank& bank_;
  asio::io_context io_{1};
  Tally tally_;
  std::size_t running_ = 0;
  SystemRandom random_;
};

inline double ms_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

// Phases: each reports a section.
struct LoadPlan {
  std::uint32_t commits = 250;     // of each tablet after 30 days offline
  std::uint32_t window_s = 30;     // all of them come back within
  std::uint32_t sockets = 10'000;  // WebSockets
  std::uint32_t day_s = 20;        // of a steady day, at full and at half load, and of ingest
  std::uint32_t pull_kib = 200;    // that each tablet has to take after a storm's night
  std::uint32_t join = 400;        // tablets of one branch
};
void steady_day(Report& report, LoadBank& bank, const LoadPlan& plan);
void monday_morning(Report& report, LoadBank& bank, const LoadPlan& plan);
void ingest(Report& report, LoadBank& bank, const LoadPlan& plan);
// These begin without a server and leave one running.
void morning_storm(Report& report, LoadBank& bank, const LoadPlan& plan);
void branch_joins(Report& report, LoadBank& bank, const LoadPlan& plan);
void branch_moves(Report& report, LoadBank& bank);
void broken_lines(Report& report, LoadBank& bank);
void idle_sockets(Report& report, LoadBank& bank, const LoadPlan& plan);

}  // namespace banyan::bench
