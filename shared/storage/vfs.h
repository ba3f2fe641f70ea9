// SQLite's file layer over a page store, and fail-stop: after the first failed
// read, write, truncate or flush nothing works any more on this connection.
//
// Why: an error code that some layer above swallows must not turn into lost
// rows. The owner throws the connection away and opens it again, and SQLite's
// own recovery decides what was committed. A full disk is the one exception: it
// is reported as SQLITE_FULL, and reading goes on.
//
// One connection per StoreVfs, in exclusive locking mode: no shared memory, no
// memory mapping, no file without a name.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "shared/platform/clock.h"
#include "shared/platform/page_store.h"
#include "shared/platform/random.h"

namespace banyan {

class StoreVfs {
 public:
  struct Edges {
    PageStore& store;
    Random& random;
    const Clock& clock;
    // Called once, with the cause, from inside the failing SQLite call: note
    // it and return, touch no database.
    std::function<void(const Error&)> on_poison;
  };

  // Registers the layer with SQLite under a name of its own, `encrypted` with
  // the cipher layer above it. What `edges` refers to must outlive this.
  static Result<std::unique_ptr<StoreVfs>> create(Edges edges, bool encrypted);

  // The connection must be closed before.
  ~StoreVfs();
  StoreVfs(const StoreVfs&) = delete;
  StoreVfs& operator=(const StoreVfs&) = delete;

  // For sqlite3_open_v2().
  const char* name() const;

  bool poisoned() const;
  const Error& cause() const;  // asserts poisoned()

  // Makes the write-ahead log of the open database at least this long, so that
  // a commit finds its space even when the disk is full. StorageFull.
  Status reserve_wal(std::uint64_t bytes);

 private:
  struct State;
  explicit StoreVfs(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace banyan
