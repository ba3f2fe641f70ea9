#include "tests/support/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace banyan::test {
namespace fs = std::filesystem;

namespace {

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start(const fs::path& program, const std::vector<std::string>& args,
            const std::vector<std::string>& environment, const fs::path& out, const fs::path& err) {
  std::vector<std::string> all{program.string()};
  all.insert(all.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (std::string& each : all) argv.push_back(each.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  for (const std::string& each : environment) {
    const auto equals = each.find('=');
    ::setenv(each.substr(0, equals).c_str(), each.substr(equals + 1).c_str(), 1);
  }
  const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(out_fd, 1);
  ::dup2(err_fd, 2);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

std::size_t status_kib(pid_t pid, std::string_view key) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(key, 0) == 0) return std::strtoul(line.c_str() + key.size(), nullptr, 10);
  }
  return 0;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "banyan-test-XXXXXX").string();
  path_ = ::mkdtemp(name.data()) != nullptr ? name : std::string();
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a test's leftovers
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Finished run_program(const fs::path& program, const std::vector<std::string>& args,
                     const std::vector<std::string>& environment) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out", err = folder.path() / "err";
  const pid_t pid = start(program, args, environment, out, err);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {exit_code(status), read_whole(out), read_whole(err)};
}

ServerProcess::ServerProcess(const fs::path& program, const fs::path& data,
                             std::vector<std::string> more)
    : data_(data) {
  fs::create_directories(data);
  std::vector<std::string> args{"serve", "--data", data.string()};
  if (std::find(more.begin(), more.end(), "--port") == more.end()) {
    args.insert(args.end(), {"--port", "0"});
  }
  args.insert(args.end(), more.begin(), more.end());
  fs::remove(data.string() + ".log");  // an earlier server's events are not ours
  pid_ = start(program, args, {}, data.string() + ".out", data.string() + ".log");
  constexpr std::string_view kMark = "\"event\":\"started\",\"port\":";
  for (int i = 0; i < 6'000; ++i) {
    const std::string events = log();
    const auto at = events.find(kMark);
    if (at != std::string::npos) {
      port_ = static_cast<std::uint16_t>(std::atoi(events.c_str() + at + kMark.size()));
      return;
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

ServerProcess::~ServerProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

std::string ServerProcess::out() const { return read_whole(data_.string() + ".out"); }
std::string ServerProcess::log() const { return read_whole(data_.string() + ".log"); }

void ServerProcess::signal(int number) {
  if (pid_ >= 0) ::kill(pid_, number);
}

int ServerProcess::wait() {
  if (pid_ < 0) return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return exit_code(status);
}

std::size_t ServerProcess::resident_kib() const { return status_kib(pid_, "VmRSS:"); }
std::size_t ServerProcess::peak_kib() const { return status_kib(pid_, "VmHWM:"); }

double ServerProcess::cpu_s() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  // Fields 14 and 15; the second one is the name in brackets.
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

fs::path server_program() {
  if (const char* given = std::getenv("BANYAN_SERVER")) return given;
  return fs::read_symlink("/proc/self/exe").parent_path() / "banyan-server";
}

}  // namespace banyan::test
