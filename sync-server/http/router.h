// Which handler answers which path, on which thread, with how large a body.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sync-server/http/message.h"
#include "sync-server/http/worker.h"

namespace banyan::http {

using Handler = std::function<Response(const Request&)>;

struct Route {
  Method method{};   // a Get also answers Head
  std::string path;  // with a last '/', every path below it; else the path itself
  std::size_t body_max = 0;
  Worker* worker = nullptr;  // where it runs; null: on the network thread, for quick ones
  Handler handle;
  bool quiet = false;  // leaves no line in the log for each request
  bool news = false;   // a WebSocket: status 101 from `handle` lets the client in
};

class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  struct Found {
    const Route* route = nullptr;  // null: none of this path, or of this method
    bool path_known = false;
    std::string allow;  // the methods of a known path
  };
  // Exact paths win over prefixes, longer prefixes over shorter ones.
  Found find(Method method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace banyan::http
