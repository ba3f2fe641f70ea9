#include "shared/app/web/web_transport.h"

#include <emscripten.h>

#include <cstdlib>

namespace {

banyan::WebTransport* the_transport = nullptr;

}  // namespace

// clang-format off
EM_JS(void, banyan_http_send, (int id, const char* method, const char* path,
                               const std::uint8_t* body, int size, double timeout_ms), {
  const verb = UTF8ToString(method);
  const options = {method: verb, cache: 'no-store', credentials: 'omit', redirect: 'error',
                   headers: {'content-type': 'application/octet-stream'}};
  if (verb !== 'GET' && verb !== 'HEAD') options.body = HEAPU8.slice(body, body + size);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout_ms);
  options.signal = stop.signal;
  fetch(new URL(UTF8ToString(path), self.location.origin), options)
      .then(async (reply) => {
        const bytes = new Uint8Array(await reply.arrayBuffer());
        const at = _malloc(bytes.length + 1);
        HEAPU8.set(bytes, at);
        const after = Number(reply.headers.get('retry-after') || 0) * 1000;
        _banyan_http_replied(id, reply.status, at, bytes.length, after);
      })
      .catch(() => _banyan_http_replied(id, 0, 0, 0, 0))
      .finally(() => {
        clearTimeout(timer);
        if (Module.banyanWake) Module.banyanWake();
      });
});

EM_JS(void, banyan_channel_open, (int id, const char* path), {
  if (Module.banyanChannel) Module.banyanChannel.close();
  const url = new URL(UTF8ToString(path), self.location.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const channel = new WebSocket(url);
  Module.banyanChannel = channel;
  const tell = (closed) => {
    _banyan_channel_event(id, closed);
    if (Module.banyanWake) Module.banyanWake();
  };
  channel.onmessage = () => tell(0);
  channel.onclose = () => tell(1);
});

EM_JS(void, banyan_channel_close, (), {
  if (Module.banyanChannel) Module.banyanChannel.close();
  Module.banyanChannel = null;
});

EM_JS(int, banyan_network_up, (), { return self.navigator.onLine ? 1 : 0; });
// clang-format on

extern "C" {

EMSCRIPTEN_KEEPALIVE void banyan_http_replied(int id, int status, std::uint8_t* body, int size,
                                              double retry_after_ms) {
  if (the_transport != nullptr) the_transport->replied(id, status, body, size, retry_after_ms);
  std::free(body);
}

EMSCRIPTEN_KEEPALIVE void banyan_channel_event(int id, int closed) {
  if (the_transport != nullptr) the_transport->channel_event(id, closed != 0);
}
}

namespace banyan {

WebTransport::WebTransport() {
  BANYAN_CHECK(the_transport == nullptr);
  the_transport = this;
}

WebTransport::~WebTransport() {
  banyan_channel_close();
  the_transport = nullptr;
}

void WebTransport::send(HttpRequest request, std::function<void(Result<HttpReply>)> done) {
  const int id = ++last_id_;
  waiting_.emplace(id, std::move(done));
  banyan_http_send(id, request.method.c_str(), request.path.c_str(), request.body.data(),
                   static_cast<int>(request.body.size()), static_cast<double>(request.timeout_ms));
}

bool WebTransport::network_up() const { return banyan_network_up() != 0; }

void WebTransport::listen(std::string path, std::function<void()> news,
                          std::function<void()> closed) {
  news_ = std::move(news);
  closed_ = std::move(closed);
  channel_id_ = ++last_id_;
  banyan_channel_open(channel_id_, path.c_str());
}

void WebTransport::replied(int id, int status, std::uint8_t* body, int size,
                           double retry_after_ms) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  const auto done = std::move(found->second);
  waiting_.erase(found);
  if (status == 0) {
    done(fail(ErrorCode::Unavailable, "no answer from the server"));
    return;
  }
  HttpReply reply;
  reply.status = status;
  reply.body.assign(body, body + size);
  reply.retry_after_ms = static_cast<std::int64_t>(retry_after_ms);
  done(std::move(reply));
}

void WebTransport::channel_event(int id, bool closed) {
  if (id != channel_id_) return;  // of a channel that has been replaced
  const auto& tell = closed ? closed_ : news_;
  if (tell) tell();
}

}  // namespace banyan
