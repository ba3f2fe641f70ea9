#include "sync-server/http/router.h"

namespace banyan::http {
namespace {

// How well a route's path fits: 0 not at all, more for the more exact.
std::size_t fit(const Route& route, std::string_view path) {
  if (route.path == path) return path.size() + 2;
  const bool prefix = !route.path.empty() && route.path.back() == '/';
  return prefix && path.substr(0, route.path.size()) == route.path ? route.path.size() + 1 : 0;
}

bool answers(const Route& route, Method method) {
  return route.method == method || (route.method == Method::Get && method == Method::Head);
}

}  // namespace

Router::Found Router::find(Method method, std::string_view path) const {
  std::size_t best = 0;
  for (const Route& route : routes_) best = std::max(best, fit(route, path));
  Found found;
  if (best == 0) return found;
  found.path_known = true;
  for (const Route& route : routes_) {
    if (fit(route, path) != best) continue;
    if (answers(route, method)) found.route = &route;
    if (!found.allow.empty()) found.allow += ", ";
    found.allow += name_of(route.method);
    if (route.method == Method::Get) found.allow += ", HEAD";
  }
  return found;
}

}  // namespace banyan::http
