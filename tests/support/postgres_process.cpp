#include "tests/support/postgres_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "shared/base/check.h"
#include "sync-server/postgres/connection.h"

namespace banyan::test {
namespace fs = std::filesystem;

namespace {

constexpr const char* kUser = "banyan";

const passwd* unprivileged() {
  if (::getuid() != 0) return ::getpwuid(::getuid());
  const passwd* found = ::getpwnam("postgres");
  return found != nullptr ? found : ::getpwnam("nobody");
}

}  // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  std::uint16_t port = 0;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  ::close(fd);
  return port;
}

std::optional<fs::path> find_program(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return std::nullopt;
}

std::string unprivileged_user() { return unprivileged()->pw_name; }

void give_to_unprivileged(const fs::path& folder) {
  if (::getuid() != 0) return;
  const passwd* user = unprivileged();
  bool given = ::chown(folder.c_str(), user->pw_uid, user->pw_gid) == 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    given = ::lchown(entry.path().c_str(), user->pw_uid, user->pw_gid) == 0 && given;
  }
  BANYAN_CHECK(given);
}

HelperProcess::HelperProcess(const std::vector<std::string>& command, const fs::path& folder) {
  give_to_unprivileged(folder);
  std::vector<std::string> all = command;
  std::vector<char*> argv;
  for (std::string& each : all) argv.push_back(each.data());
  argv.push_back(nullptr);
  const passwd* user = unprivileged();
  const std::string out = (folder / "out").string();
  pid_ = ::fork();
  if (pid_ != 0) return;
  if (::getuid() == 0 && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) ::_exit(126);
  // A test or bench that dies, or gives up, leaves no database behind. After setuid, which undoes
  // it.
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(fd, 1);
  ::dup2(fd, 2);
  if (::chdir(folder.c_str()) != 0 || ::setenv("HOME", folder.c_str(), 1) != 0) ::_exit(125);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

HelperProcess::~HelperProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void HelperProcess::signal(int number) {
  if (pid_ >= 0) ::kill(pid_, number);
}

bool HelperProcess::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  pid_ = -1;
  return false;
}

int HelperProcess::wait() {
  if (pid_ < 0) return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::optional<fs::path> PostgresProcess::programs() {
  std::error_code none;
  std::vector<fs::path> found;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (fs::exists(version.path() / "bin/initdb")) found.push_back(version.path() / "bin");
  }
  if (found.empty()) return std::nullopt;
  return *std::max_element(found.begin(), found.end());
}

PostgresProcess::PostgresProcess(const std::vector<std::string>& settings) : settings_(settings) {
  const auto bin = programs();
  if (!bin) return;
  HelperProcess make({(*bin / "initdb").string(), "-D", (folder_.path() / "data").string(), "-A",
                      "trust", "-U", kUser, "-E", "UTF8", "--locale=C", "--no-sync"},
                     folder_.path());
  if (make.wait() == 0) ready_ = start();
}

bool PostgresProcess::start() {
  if (port_ == 0) port_ = free_port();
  std::vector<std::string> command{(*programs() / "postgres").string(),
                                   "-D",
                                   (folder_.path() / "data").string(),
                                   "-p",
                                   std::to_string(port_),
                                   "-k",
                                   folder_.path().string(),
                                   "-c",
                                   "listen_addresses=127.0.0.1",
                                   "-c",
                                   "max_connections=50",
                                   "-c",
                                   "shared_buffers=32MB"};
  for (const std::string& setting : settings_) {
    command.insert(command.end(), {"-c", setting});
  }
  process_ = std::make_unique<HelperProcess>(command, folder_.path());
  for (int i = 0; i < 600 && process_->running(); ++i) {
    if (postgres::Connection::open(url("postgres"))) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

PostgresProcess::~PostgresProcess() {
  if (process_ == nullptr) return;
  process_->signal(SIGQUIT);  // at once, with all its children
  process_->wait();
}

void PostgresProcess::stop() {
  process_->signal(SIGQUIT);
  process_->wait();
}

void PostgresProcess::restart() {
  stop();
  ready_ = start();
}

std::string PostgresProcess::output() const {
  std::ifstream in(folder_.path() / "out");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

double PostgresProcess::cpu_s() const {
  const pid_t own = process_ == nullptr ? -1 : process_->pid();
  double ticks = 0;
  std::error_code gone;  // a process may end while its folder is read
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream in(entry.path() / "stat");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream rest(text.substr(name_end + 1));
    std::string skipped;
    pid_t parent = 0;
    double user = 0, system = 0, user_of_ended = 0, system_of_ended = 0;
    rest >> skipped >> parent;
    for (int field = 5; field < 14; ++field) rest >> skipped;
    rest >> user >> system >> user_of_ended >> system_of_ended;
    const bool is_own = name == std::to_string(own);
    if (is_own || parent == own) ticks += user + system;
    if (is_own) ticks += user_of_ended + system_of_ended;
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string PostgresProcess::url(const std::string& database) const {
  return "postgresql://" + std::string(kUser) + "@127.0.0.1:" + std::to_string(port_) + "/" +
         database;
}

std::string PostgresProcess::make_database() {
  const std::string name = "bank_" + std::to_string(++databases_);
  const auto connection = postgres::Connection::open(url("postgres"));
  if (!connection || !(*connection)->script("CREATE DATABASE " + name)) return {};
  return url(name);
}

}  // namespace banyan::test
