#include "tests/contracts/http/demo_bank.h"

#include <doctest/doctest.h>

#include "sync-server/host/welcome.h"

namespace banyan::test {
namespace fs = std::filesystem;

namespace {

// The original, which goes when the test program ends.
const fs::path& original() {
  static const TemporaryFolder folder;
  static const fs::path data = [] {
    const fs::path made = folder.path() / "bank";
    const Finished demo = run_program(server_program(), {"demo", "small", "--data", made.string()});
    INFO(demo.err);
    REQUIRE(demo.code == 0);
    return made;
  }();
  return data;
}

}  // namespace

DemoBank::DemoBank() : data_(folder_.path() / "bank") {
  fs::copy(original(), data_, fs::copy_options::recursive);
}

DemoBank::DemoBank(const std::string& store) : DemoBank() {
  store_ = store;
  std::vector<std::string> args{"migrate"};
  for (std::string& each : where()) args.push_back(std::move(each));
  const Finished moved = run_program(server_program(), args);
  INFO(moved.err);
  REQUIRE(moved.code == 0);
}

fs::path DemoBank::another_node(const std::string& name) const {
  const fs::path node = folder_.path() / name;
  fs::create_directories(node);
  fs::copy(data_ / "keys", node / "keys", fs::copy_options::recursive);
  fs::copy(data_ / "organisation.json", node / "organisation.json");
  return node;
}

std::vector<std::string> DemoBank::where() const {
  std::vector<std::string> args{"--data", data_.string()};
  if (!store_.empty()) args.insert(args.end(), {"--store", store_});
  return args;
}

std::string DemoBank::code(const std::string& role, int minutes) const {
  const auto people = server::read_demo_people(data_);
  REQUIRE(people.ok());
  for (const server::DemoPerson& person : *people) {
    if (person.role != role) continue;
    std::vector<std::string> args{"enrol", "--user", person.staff_no, "--minutes",
                                  std::to_string(minutes)};
    for (std::string& each : where()) args.push_back(std::move(each));
    const Finished made = run_program(server_program(), args);
    INFO(made.err);
    REQUIRE(made.code == 0);
    const auto at = made.out.find("#enrol=") + 7;
    return made.out.substr(at, made.out.find('\n', at) - at);
  }
  FAIL("nobody with the role " << role);
  return {};
}

std::unique_ptr<HttpDevice> DemoBank::device(const std::string& role, std::uint16_t port) const {
  auto made = HttpDevice::enrol(port, code(role));
  INFO((made.ok() ? std::string() : made.error().detail));
  REQUIRE(made.ok());
  return std::move(*made);
}

Result<RowId> add_customer(HttpDevice& device, const std::string& name) {
  const Entity* entity = device.catalogue().entity("customer");
  BANYAN_CHECK(entity != nullptr);
  Draft draft;
  draft.aggregate = device.replica().mint();
  RowWrite write{entity->no, Op::Insert, draft.aggregate, 1, {}};
  write.cells.push_back({entity->field("name")->no, Value(name), {}});
  write.cells.push_back({entity->field("owner")->no, Value(device.enrolment().user), {}});
  draft.rows.push_back(write);
  TRY(device.replica().write(draft));
  return draft.aggregate;
}

RowId write_customer(HttpDevice& device, const std::string& name) {
  const auto written = add_customer(device, name);
  INFO((written.ok() ? std::string() : written.error().detail));
  REQUIRE(written.ok());
  return *written;
}

bool has_customer(HttpDevice& device, RowId row) {
  const auto loaded = device.replica().load(*device.catalogue().entity("customer"), row);
  REQUIRE(loaded.ok());
  return loaded->alive();
}

}  // namespace banyan::test
