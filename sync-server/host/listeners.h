// Who is told when something changes: which people read which scope.
//
// Ten thousand tablets that all ask because one officer has saved a note are an attack. Only
// people with a device count; whose access changes is read anew. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "shared/storage/server_store.h"
#include "sync-server/http/network.h"

namespace banyan::server {

class Listeners {
 public:
  // A person that has a device; again whenever his access has changed.
  Status read(ServerStore& store, RowId user);

  // The readers of any of these scopes; of the reference data everybody. `touched` as
  // ServerStore::take_touched() gives it: people in it are read anew first.
  Result<http::Audience> of(ServerStore& store, std::span<const RowId> touched);

 private:
  std::map<RowId, std::vector<RowId>> scopes_;  // of each person
  std::map<RowId, std::set<RowId>> readers_;    // of each scope
};

}  // namespace banyan::server
