// The transport of the browser: fetch() and WebSocket, called from the app's
// worker.
#pragma once

#include <map>

#include "shared/app/edges.h"

namespace banyan {

class WebTransport final : public Transport {
 public:
  // One per process: the script's answers find it.
  WebTransport();
  ~WebTransport() override;
  WebTransport(const WebTransport&) = delete;
  WebTransport& operator=(const WebTransport&) = delete;

  void send(HttpRequest request, std::function<void(Result<HttpReply>)> done) override;
  bool network_up() const override;
  void listen(std::string path, std::function<void()> news, std::function<void()> closed) override;

  // Called by the script. `size` bytes at `body` were malloc'ed for us.
  void replied(int id, int status, std::uint8_t* body, int size, double retry_after_ms);
  void channel_event(int id, bool closed);

 private:
  std::map<int, std::function<void(Result<HttpReply>)>> waiting_;
  std::function<void()> news_, closed_;
  inline static int last_id_ = 0;  // of all there were: answers to one before may still come
  int channel_id_ = 0;
};

}  // namespace banyan
