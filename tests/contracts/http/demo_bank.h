// A small demo bank for tests: made once, copied for each.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_device.h"
#include "tests/support/server_process.h"

namespace banyan::test {

// A fresh copy of the bank in DIR/bank. Fails the test when it cannot be made.
class DemoBank {
 public:
  DemoBank();
  // Moved into that PostgreSQL.
  explicit DemoBank(const std::string& store);
  const std::filesystem::path& data() const { return data_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // A one-time code for the first person of that role, "CODE.FINGERPRINT".
  std::string code(const std::string& role, int minutes = 10) const;
  // A device of that person, joined to the server on `port`.
  std::unique_ptr<HttpDevice> device(const std::string& role, std::uint16_t port) const;

  // The folder of another server over the same store: only its keys and its name.
  std::filesystem::path another_node(const std::string& name) const;
  // The arguments by which a command finds the bank.
  std::vector<std::string> where() const;

 private:
  TemporaryFolder folder_;
  std::filesystem::path data_;
  std::string store_;
};

// Writes a new customer of the device's own portfolio; its row. write_customer fails the test
// when it cannot, and is for the test's own thread.
Result<RowId> add_customer(HttpDevice& device, const std::string& name);
RowId write_customer(HttpDevice& device, const std::string& name);
// Whether the replica shows that row alive.
bool has_customer(HttpDevice& device, RowId row);

}  // namespace banyan::test
