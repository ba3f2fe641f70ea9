// The first lines of every answer, strict headers included.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sync-server/http/message.h"

namespace banyan::http {

struct HeadContext {
  bool secure = false;     // over TLS
  bool keep_alive = true;  // false adds Connection: close
  std::string_view host;   // of the request; may be empty
  std::string_view date;   // RFC 9110 form
};

// Status line, fields and the empty line. Every answer of the server, an error
// before routing included, is made here, so none lacks a header.
std::string make_head(const Response& response, const HeadContext& context);

// The fields of make_head that do not depend on the request, for the 101 of a
// WebSocket: "Name: value\r\n" lines.
std::string_view strict_fields();

std::string_view reason_of(int status);

// Now, as "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_s);

}  // namespace banyan::http
