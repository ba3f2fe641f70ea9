#include "tests/bench/server/bank.h"

#include <sys/resource.h>

namespace banyan::bench {
namespace {

double children_cpu_s() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

DemoBank::DemoBank(Report& report, const std::filesystem::path& data, const std::string& size)
    : data_(data) {
  if (!std::filesystem::exists(data_ / "bank.db")) {
    const double before = children_cpu_s();
    const Stopwatch watch;
    const test::Finished made =
        test::run_program(test::server_program(), {"demo", size, "--data", data_.string()});
    expect(made.code == 0, "the demo bank is made: " + made.err);
    const Cost cost{watch.taken().wall_s, children_cpu_s() - before};
    report.time("The bank", "banyan-server demo " + size,
                static_cast<double>(count("SELECT count(*) FROM customer")), "customers", cost);
  }
  people_ = must(server::read_demo_people(data_));
  report.figure("The bank", "customers",
                static_cast<double>(count("SELECT count(*) FROM customer")), "");
  report.figure("The bank", "commits in the log",
                static_cast<double>(count("SELECT max(seq) FROM log")), "");
  report.figure("The bank", "database",
                static_cast<double>(std::filesystem::file_size(data_ / "bank.db")) / (1 << 20),
                "MiB");
}

void DemoBank::start(Report& report) {
  const Stopwatch watch;
  server_ = std::make_unique<test::ServerProcess>(test::server_program(), data_);
  expect(server_->port() != 0, "the server comes up: " + server_->log());
  report.figure("The server", "start until it answers (seen every 10 ms)",
                watch.taken().wall_s * 1e3, "ms");
  report.figure("The server", "memory after the start", resident_mib(), "MiB");
}

std::unique_ptr<test::HttpDevice> DemoBank::enrol(const std::string& role, std::size_t which) {
  std::vector<std::string> numbers;
  for (const server::DemoPerson& person : people_) {
    if (person.role == role) numbers.push_back(person.staff_no);
  }
  expect(!numbers.empty(), "the demo has somebody with the role " + role);
  const test::Finished made = test::run_program(
      test::server_program(),
      {"enrol", "--data", data_.string(), "--user", numbers[which % numbers.size()]});
  expect(made.code == 0, "an enrolment code is made: " + made.err);
  const auto at = made.out.find("#enrol=") + 7;
  const std::string link = made.out.substr(at, made.out.find('\n', at) - at);
  return must(test::HttpDevice::enrol(server_->port(), link));
}

std::int64_t DemoBank::count(std::string_view sql) {
  DatabaseOptions options;
  options.name = (data_ / "bank.db").string();
  options.create = false;
  const auto db = must(Database::open(std::move(options)));
  return must(db->query_int(sql));
}

}  // namespace banyan::bench
