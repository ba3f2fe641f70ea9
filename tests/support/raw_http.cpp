#include "tests/support/raw_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace banyan::test {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HttpAnswer parse_head(std::string_view head) {
  HttpAnswer answer;
  answer.status = std::atoi(std::string(head.substr(head.find(' ') + 1, 3)).c_str());
  auto line_end = head.find("\r\n");
  while (line_end != std::string_view::npos) {
    head.remove_prefix(line_end + 2);
    line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    answer.fields[lower(std::string(line.substr(0, colon)))] = std::string(line.substr(colon + 2));
  }
  return answer;
}

}  // namespace

RawHttp::RawHttp(std::uint16_t port, int timeout_ms) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  set_timeout(timeout_ms);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
}

RawHttp::~RawHttp() { close(); }

void RawHttp::set_timeout(int timeout_ms) {
  timeval time{timeout_ms / 1000, (timeout_ms % 1000) * 1000};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

void RawHttp::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool RawHttp::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawHttp::fill() {
  std::array<char, 16 * 1024> room;
  const ssize_t count = ::recv(fd_, room.data(), room.size(), 0);
  if (count <= 0) return false;
  buffer_.append(room.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<HttpAnswer> RawHttp::read(bool head) {
  for (;;) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return std::nullopt;
    }
    HttpAnswer answer = parse_head(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 4);
    if (answer.status == 100) continue;
    const bool bare = head || answer.status == 204 || answer.status == 304 || answer.status == 101;
    const std::size_t size =
        bare ? 0 : std::strtoul(answer.field("content-length").c_str(), nullptr, 10);
    while (buffer_.size() < size) {
      if (!fill()) return std::nullopt;
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }
}

std::string RawHttp::read_some() {
  if (buffer_.empty()) fill();
  return std::exchange(buffer_, {});
}

bool RawHttp::closed() {
  std::array<char, 4096> room;
  for (;;) {
    const ssize_t count = ::recv(fd_, room.data(), room.size(), 0);
    if (count == 0) return true;
    if (count < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  }
}

std::optional<HttpAnswer> http_once(std::uint16_t port, std::string_view method,
                                    std::string_view target, std::string_view body,
                                    std::string_view more_fields) {
  RawHttp http(port);
  std::string request;
  request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (!body.empty() || method == "POST" || method == "PUT") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  request.append(more_fields).append("\r\n").append(body);
  if (!http.connected() || !http.send(request)) return std::nullopt;
  return http.read(method == "HEAD");
}

int status_of(std::uint16_t port, std::string_view request) {
  RawHttp http(port);
  if (!http.send(request)) return -1;
  const auto answer = http.read();
  return answer ? answer->status : 0;
}

}  // namespace banyan::test
