// A small bank that the fault tests run, break and look at again.
//
// Every commit is deterministic, so the state after n commits is known by its
// digest, and whatever a damaged disk gives back is either one of these states
// or wrong.
#pragma once

#include <memory>
#include <vector>

#include "shared/crypto/keyring.h"
#include "shared/platform/memory_page_store.h"
#include "shared/storage/database.h"
#include "tests/support/faulty_page_store.h"

namespace banyan::test {

using Journal = DatabaseOptions::Journal;

// How much of a sweep is run: everything with BANYAN_FAULTS=long.
bool long_sweeps();

class Workload {
 public:
  // `commits` besides the one that makes the tables. `checkpoint_pages`: how
  // long the log may get; 0 never folds it in.
  Workload(Journal journal, int commits, int checkpoint_pages = 24);

  Result<std::unique_ptr<Database>> open(PageStore& store) const;
  Result<std::unique_ptr<Database>> open(PageStore& store, const PageKey* key,
                                         std::function<void(const Error&)> on_stop = {}) const;

  // Commit number `n`, counted from 0 (the tables).
  Status commit(Database& db, int n) const;
  int commits() const { return commits_; }

  // Opens, makes every commit that is missing, and closes. `acked` counts the
  // commits that said they were saved, from the start of the database.
  Status run(PageStore& store, int& acked) const;

  // The number of commits whose state the database shows; Corrupt when it
  // shows no state that ever was, or is not sound.
  Result<int> state_of(Database& db) const;
  // As above, opening and closing it.
  Result<int> state_of(PageStore& store) const;

  // Reads all there is, without checking the pages that nobody uses.
  Result<Hash256> digest(Database& db) const;
  // The state with this digest; -1 when there never was one.
  int number_of(const Hash256& digest) const;

  const PageKey& key() const { return key_; }

 private:
  Journal journal_;
  int commits_;
  int checkpoint_pages_;
  PageKey key_;
  std::vector<Hash256> states_;  // after n commits
};

// The files of `from` as they are now.
void copy_files(PageStore& from, PageStore& to);

// The disk of a machine that stops dead: the database is closed without a
// single further change to `disk`.
void stop_dead(FaultyPageStore& store, std::unique_ptr<Database> db);

}  // namespace banyan::test
