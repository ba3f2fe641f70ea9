// Goes on with a connection as a WebSocket that only ever says "there is news".
#pragma once

#include "sync-server/http/request_reader.h"
#include "sync-server/http/stream.h"

namespace banyan::http {

using Handshake = beast_http::request<beast_http::empty_body>;

// Answers the handshake and stays until the client goes, is cut, or sends more
// than pings.
Task<> serve_news(Loop& loop, Stream stream, const Handshake handshake, const Ear ear);

}  // namespace banyan::http
