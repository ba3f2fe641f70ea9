// The client's side of the news channel, by hand.
#pragma once

#include <string>

#include "tests/support/raw_http.h"

namespace banyan::test {

inline std::string handshake(const std::string& target, const std::string& more = {}) {
  return "GET " + target +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         more + "\r\n";
}

// The next text frame's content.
inline std::string hear(RawHttp& socket) {
  std::string bytes;
  while (bytes.size() < 2 || bytes.size() < 2U + static_cast<unsigned char>(bytes[1])) {
    const std::string more = socket.read_some();
    if (more.empty()) return {};
    bytes += more;
  }
  return bytes.substr(2, static_cast<unsigned char>(bytes[1]));
}

}  // namespace banyan::test
