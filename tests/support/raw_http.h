// A client for tests that must send what no honest client sends. Blocking, over
// plain sockets, without any HTTP library.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace banyan::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string field(const std::string& name) const {
    const auto at = fields.find(name);
    return at == fields.end() ? std::string() : at->second;
  }
};

class RawHttp {
 public:
  // To 127.0.0.1. Every wait ends after `timeout_ms`.
  explicit RawHttp(std::uint16_t port, int timeout_ms = 60'000);
  void set_timeout(int timeout_ms);
  ~RawHttp();
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  bool connected() const { return fd_ >= 0; }
  bool send(std::string_view bytes);
  // The next answer; nothing when the connection ended or time was up before it
  // was whole. `head`: the answer to a HEAD, which has no body.
  std::optional<HttpAnswer> read(bool head = false);
  // Whether the other side closes within the timeout; drops what still comes.
  bool closed();
  // Raw bytes, at least one; empty at the end or when time is up.
  std::string read_some();
  void close();

 private:
  bool fill();

  int fd_ = -1;
  std::string buffer_;
};

// One request on a connection of its own.
std::optional<HttpAnswer> http_once(std::uint16_t port, std::string_view method,
                                    std::string_view target, std::string_view body = {},
                                    std::string_view more_fields = {});
// The status that answers these bytes on a connection of their own; 0: no answer, -1: not sent.
int status_of(std::uint16_t port, std::string_view request);

}  // namespace banyan::test
