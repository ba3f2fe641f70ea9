// What the server's store promises over whichever database, as checks that need no test
// framework: the same ones run over SQLite, PostgreSQL and maps in memory.
#pragma once

#include <span>

#include "tests/support/sync_pair.h"

namespace banyan::test {

struct ChangeStorePromise {
  const char* promise;
  // The bank is new: staff, a branch and a customer. An error says which expectation failed.
  Status (*check)(SyncPair& bank);
};

std::span<const ChangeStorePromise> change_store_contract();

}  // namespace banyan::test
