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

// About the log, pages and what waits; then about what the server decides and does by itself.
std::span<const ChangeStorePromise> change_store_contract();
std::span<const ChangeStorePromise> change_store_rules();

// `check` of every promise of both.
template <class Check>
void for_each_promise(Check check) {
  for (const ChangeStorePromise& each : change_store_contract()) check(each);
  for (const ChangeStorePromise& each : change_store_rules()) check(each);
}

}  // namespace banyan::test
