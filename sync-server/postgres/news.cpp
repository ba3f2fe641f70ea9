#include "sync-server/postgres/news.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "shared/base/check.h"
#include "sync-server/postgres/connection.h"
#include "sync-server/postgres/postgres_tables.h"

namespace banyan::postgres {
namespace {

constexpr int kAgainMsMax = 5'000;
constexpr int kAliveMs = 30'000;  // so often a silent connection is asked whether it lives

}  // namespace

News::News(std::string url, Heard heard) : url_(std::move(url)), heard_(std::move(heard)) {
  BANYAN_CHECK(::pipe2(stop_, O_CLOEXEC) == 0);
  thread_ = std::thread([this] { run(); });
}

News::~News() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
}

bool News::wait(int socket, int ms) {
  pollfd of[] = {{stop_[0], POLLIN, 0}, {socket, POLLIN, 0}};
  static_cast<void>(::poll(of, socket < 0 ? 1 : 2, ms));
  return of[0].revents == 0;
}

void News::run() {
  int again_ms = 100;
  while (true) {
    const Status ended = listen();
    if (ended) return;  // asked to stop
    heard_.state(ended);
    if (!wait(-1, again_ms)) return;
    again_ms = std::min(again_ms * 2, kAgainMsMax);
  }
}

Status News::listen() {
  TRY_ASSIGN(const std::unique_ptr<Connection> connection, Connection::open(url_));
  TRY(connection->run(std::string("LISTEN ") + kNewsChannel));
  heard_.state({});
  heard_.news(std::nullopt);  // whatever was said before we listened
  while (true) {
    if (!wait(connection->socket(), kAliveMs)) return {};
    TRY_ASSIGN(std::vector<std::string> said, connection->notifications());
    if (said.empty()) {
      TRY(connection->run("SELECT 1"));
      TRY_ASSIGN(said, connection->notifications());
    }
    tell(said);
  }
}

// What came together is told together; what this process itself has said, not at all.
void News::tell(const std::vector<std::string>& said) {
  std::optional<std::vector<RowId>> touched{std::in_place};
  bool others = false;
  for (const std::string& one : said) {
    std::istringstream words(one);
    std::string seq, process, scope;
    words >> seq >> process;
    if (process == process_tag()) continue;
    others = true;
    while (words >> scope) {
      std::int64_t id = 0;
      const auto [end, bad] = std::from_chars(scope.data(), scope.data() + scope.size(), id);
      if (bad != std::errc{} || end != scope.data() + scope.size()) {
        touched.reset();
      } else if (touched) {
        touched->push_back(RowId{id});
      }
    }
  }
  if (others) heard_.news(touched);
}

}  // namespace banyan::postgres
