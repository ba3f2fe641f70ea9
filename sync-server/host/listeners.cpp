#include "sync-server/host/listeners.h"

namespace banyan::server {

Status Listeners::read(ServerStore& store, RowId user) {
  TRY_ASSIGN(const std::vector<sync::AccessSpan> spans, store.access_of(user));
  std::vector<RowId>& mine = scopes_[user];
  for (const RowId scope : mine) readers_[scope].erase(user);
  mine.clear();
  for (const sync::AccessSpan& span : spans) {
    if (!span.open()) continue;
    mine.push_back(span.scope);
    readers_[span.scope].insert(user);
  }
  return {};
}

Result<http::Audience> Listeners::of(ServerStore& store, std::span<const RowId> touched) {
  http::Audience audience;
  std::set<RowId> who;
  for (const RowId each : touched) {
    if (each == kScopeReference) audience.everybody = true;
    if (scopes_.contains(each)) {
      TRY(read(store, each));
      who.insert(each);  // who has lost a scope must hear of that too
    }
    const auto readers = readers_.find(each);
    if (readers != readers_.end()) who.insert(readers->second.begin(), readers->second.end());
  }
  for (const RowId user : who) audience.who.push_back(number(user));
  return audience;
}

}  // namespace banyan::server
