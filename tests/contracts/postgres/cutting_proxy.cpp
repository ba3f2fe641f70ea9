#include "tests/contracts/postgres/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "shared/base/check.h"

namespace banyan::test {
namespace {

constexpr int kLookMs = 50;  // how soon a stop is noticed

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  BANYAN_CHECK(fd >= 0);
  return fd;
}

void at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string read_some(int fd) {
  std::array<char, 64 * 1024> room;
  const ssize_t count = ::recv(fd, room.data(), room.size(), 0);
  return count <= 0 ? std::string() : std::string(room.data(), static_cast<std::size_t>(count));
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

constexpr std::string_view kCommit("COMMIT\0", 7);  // of the statement, and of its answer's tag

// Until the database has said that it is done.
void await_commit(int database) {
  std::string heard;
  while (heard.find(kCommit) == std::string::npos) {
    const std::string more = read_some(database);
    if (more.empty()) return;
    heard += more;
  }
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t database) : database_(database) {
  listener_ = new_socket();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  BANYAN_CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  BANYAN_CHECK(::listen(listener_, 64) == 0);
  BANYAN_CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  accepting_ = std::jthread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  accepting_.join();
  connections_.clear();
  ::close(listener_);
}

std::string CuttingProxy::through(const std::string& url) const {
  const auto at = url.find("127.0.0.1:") + 10;
  return url.substr(0, at) + std::to_string(port_) + url.substr(url.find('/', at));
}

void CuttingProxy::accept_all() {
  while (!stopping_) {
    pollfd one{listener_, POLLIN, 0};
    if (::poll(&one, 1, kLookMs) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) connections_.emplace_back([this, client] { pass(client); });
  }
}

void CuttingProxy::pass(int client) {
  const int database = new_socket();
  const sockaddr_in address = loopback(database_);
  bool alive =
      ::connect(database, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  at_once(client);
  at_once(database);
  while (alive && !stopping_) {
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {database, POLLIN, 0}}};
    if (::poll(both.data(), both.size(), kLookMs) <= 0) continue;
    if (both[1].revents != 0) {
      const std::string answer = read_some(database);
      alive = !answer.empty() && send_all(client, answer);
    }
    if (alive && both[0].revents != 0) alive = pass_to_database(client, database);
  }
  ::close(client);
  ::close(database);
}

// False: the connection ends.
bool CuttingProxy::pass_to_database(int client, int database) {
  const std::string asked = read_some(client);
  if (asked.empty()) return false;
  if (asked.find(kCommit) == std::string::npos) return send_all(database, asked);
  const Cut cut = cut_.exchange(Cut::None);
  if (cut == Cut::Before) {
    ++cuts_;
    return false;
  }
  if (!send_all(database, asked)) return false;
  if (cut == Cut::None) return true;
  await_commit(database);
  ++cuts_;
  return false;
}

}  // namespace banyan::test
