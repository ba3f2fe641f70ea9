// The bank that the load falls on: thousands of officers with their customers, the real server
// on it, and, at the end, what it must hold.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/host/bank.h"
#include "tests/bench/load/host.h"
#include "tests/bench/load/tablet.h"
#include "tests/bench/report.h"
#include "tests/support/http_device.h"

namespace banyan::bench {

struct LoadSize {
  std::uint32_t tablets = 4'000;
  std::uint32_t customers = 25;  // of each officer
};

inline constexpr std::uint32_t kOfficersOfBranch = 200;

class LoadBank {
 public:
  // Makes the bank in `folder`, enrols everybody, and moves it to where it shall lie; no server
  // runs yet.
  LoadBank(Report& report, const std::filesystem::path& folder, const LoadSize& size,
           const LoadPlace& place);

  void start(Report& report);
  void stop() { host_.stop(); }
  const LoadHost& host() const { return host_; }
  // What the server has noted under this name since it was started.
  std::size_t events(const std::string& name) const;

  std::vector<std::unique_ptr<Tablet>>& tablets() { return tablets_; }
  // Real replicas: two officers without a light tablet of their own, and a branch manager.
  std::vector<std::unique_ptr<test::HttpDevice>>& replicas() { return replicas_; }
  void join_replicas();
  void join_one_more();  // its row is news to everybody

  // Every officer of the first branch hands all customers to his like in the second one. Without
  // a server. How many customers moved.
  std::size_t reassign_branch();

  // Notes for each tablet's officer that are `kib` on the wire, at least. Without a server.
  void write_notes(std::uint32_t kib);
  // Fresh tablets of the manager, who has the branch: nothing is on them. Without a server.
  std::vector<std::unique_ptr<Tablet>> hand_out(std::size_t count);
  std::size_t customers_of_branch() const;  // the manager's, as far as tablets know them

  // Without a server: the log verifies; it holds what each tablet has written, no more and no
  // less; the replicas' rows are the server's.
  void verify(Report& report);

 private:
  struct Officer {
    RowId staff{}, branch{};
    std::vector<RowId> customers;
  };
  std::unique_ptr<server::Bank> open();
  void hire(ServerStore& store, const LoadSize& size);
  void fill(ServerStore& store, const LoadSize& size);
  void enrol(server::Bank& bank);
  RowId put(std::vector<Draft>& drafts, std::uint32_t entity, std::vector<CellWrite> cells,
            ServerStore& store);
  void make_codes();
  void check_chains(server::Bank& bank, const std::map<DeviceId, std::uint64_t>& commits);

  LoadHost host_;
  SystemClock clock_;
  SystemRandom random_;
  BankFacts facts_;
  std::vector<Officer> officers_;
  std::vector<std::unique_ptr<Tablet>> tablets_;
  std::vector<std::string> codes_;  // for the replicas
  std::vector<std::unique_ptr<test::HttpDevice>> replicas_;
};

}  // namespace banyan::bench
