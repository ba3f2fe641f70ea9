#include "sync-server/http/news_socket.h"

#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "sync-server/http/head.h"
#include "sync-server/http/limits.h"

namespace banyan::http {
namespace {

namespace websocket = boost::beast::websocket;

// Kept alive by the coroutine that reads and by every write under way.
class NewsConnection final : public Connection,
                             public std::enable_shared_from_this<NewsConnection> {
 public:
  NewsConnection(Loop& loop, Stream stream, const Ear& ear)
      : Connection(loop),
        socket_(std::move(stream)),
        self_(ear.self),
        listed_(loop.ears().emplace(ear.who, this)) {}
  ~NewsConnection() override { loop_.ears().erase(listed_); }

  Task<> run(const Handshake& handshake);

  void cut() override { socket_.next_layer().close(); }
  void drain() override {
    if (closing_) return;
    closing_ = true;
    expires_in(std::chrono::seconds(2));
    socket_.async_close(websocket::close_reason(websocket::close_code::going_away),
                        [self = shared_from_this()](error_code) { self->cut(); });
  }
  void announce(std::uint64_t seq, std::int64_t besides) override {
    if (self_ == 0 || self_ != besides) newest_ = seq;
  }
  bool tell() override {
    if (!open_ || writing_ || told_ == newest_) return false;
    write();
    return true;
  }
  void ping() override {
    frames_ = 0;
    if (!open_ || pinging_) return;
    pinging_ = true;
    socket_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
  }

 private:
  void prepare();
  void write();
  void hear(websocket::frame_type kind);

  websocket::stream<Stream, false> socket_;  // false: no compression, it costs memory
  const std::int64_t self_;
  const Loop::Ears::iterator listed_;
  std::string text_;
  std::uint64_t newest_ = 0, told_ = 0;
  int frames_ = 0;
  bool open_ = false, writing_ = false, pinging_ = false, closing_ = false;
};

void NewsConnection::prepare() {
  websocket::stream_base::timeout times{};
  times.handshake_timeout = loop_.times().header;
  times.idle_timeout = websocket::stream_base::none();  // the loop's sweep looks after us
  socket_.set_option(times);
  socket_.read_message_max(kNewsMessageBytesMax);
  socket_.auto_fragment(false);
  socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    std::string_view lines = strict_fields();
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find("\r\n"));
      const auto colon = line.find(": ");
      const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
      response.set(boost::beast::string_view(name.data(), name.size()),
                   boost::beast::string_view(value.data(), value.size()));
      lines.remove_prefix(line.size() + 2);
    }
    response.set(beast_http::field::cache_control, "no-store");
  }));
  socket_.control_callback(
      [this](websocket::frame_type kind, boost::beast::string_view) { hear(kind); });
}

// A pong says that the client is there; a flood of frames says that it is hostile.
void NewsConnection::hear(websocket::frame_type kind) {
  if (kind == websocket::frame_type::close) return;
  expires_in(2 * loop_.times().ping + std::chrono::seconds(5));
  if (++frames_ > kNewsFramesPerMinuteMax) {
    loop_.log().write("news_flood");
    cut();
  }
}

void NewsConnection::write() {
  told_ = newest_;
  text_ = "{\"news\":" + std::to_string(told_) + "}";
  writing_ = true;
  socket_.async_write(asio::buffer(text_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        self->writing_ = false;
                        if (!error && self->told_ != self->newest_) self->write();
                      });
}

Task<> NewsConnection::run(const Handshake& handshake) {
  prepare();
  expires_in(loop_.times().header);
  auto [refused] = co_await socket_.async_accept(handshake, kResume);
  if (refused) co_return;
  open_ = true;
  expires_in(2 * loop_.times().ping + std::chrono::seconds(5));
  newest_ = loop_.newest();
  tell();
  if (loop_.draining()) drain();
  // Reading drives pings, pongs and the close; a message is more than a client
  // has to say, so the first one ends the connection.
  boost::beast::flat_static_buffer<kNewsMessageBytesMax> buffer;
  auto [error, size] = co_await socket_.async_read(buffer, kResume);
  open_ = false;
  if (!error) {
    loop_.log().write("news_talkative");
    const websocket::close_reason reason(websocket::close_code::policy_error);
    expires_in(std::chrono::seconds(2));
    co_await socket_.async_close(reason, kResume);
  }
}

}  // namespace

Task<> serve_news(Loop& loop, Stream stream, const Handshake handshake, const Ear ear) {
  const auto connection = std::make_shared<NewsConnection>(loop, std::move(stream), ear);
  Task<> running = connection->run(handshake);
  co_await std::move(running);
}

}  // namespace banyan::http
