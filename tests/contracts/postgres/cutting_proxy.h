// Between a store and its PostgreSQL: passes everything on, until it is told to let a connection
// die at a COMMIT.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace banyan::test {

class CuttingProxy {
 public:
  enum class Cut : std::uint8_t {
    None,
    Before,  // the database never hears of it
    After,   // it is done, and nobody is told
  };

  explicit CuttingProxy(std::uint16_t database);  // its port of 127.0.0.1
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  // A database's address by way of this.
  std::string through(const std::string& url) const;

  // The next COMMIT on any connection ends it so; then everything passes again.
  void cut_next(Cut cut) { cut_ = cut; }
  int cuts() const { return cuts_; }

 private:
  void accept_all();
  void pass(int client);
  bool pass_to_database(int client, int database);

  const std::uint16_t database_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<Cut> cut_ = Cut::None;
  std::atomic<int> cuts_ = 0;
  std::vector<std::jthread> connections_;
  std::jthread accepting_;  // last: it uses everything above
};

}  // namespace banyan::test
