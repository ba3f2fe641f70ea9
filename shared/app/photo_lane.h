// Photos and scans on this device: kept in the encrypted database, sent to
// headquarters in parts after the log, fetched when somebody looks at one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/app/remote.h"
#include "shared/storage/database.h"
#include "shared/sync/attachments.h"

namespace banyan {

class PhotoLane {
 public:
  // Everything must outlive the lane.
  static Result<std::unique_ptr<PhotoLane>> open(Database& db, Remote& remote);

  // In the caller's transaction. The hash is what the log carries.
  Result<Hash256> keep(ByteView content);
  // NotFound when it is not on this device: fetch() brings it.
  Result<Bytes> read(const Hash256& hash);
  Result<bool> here(const Hash256& hash);
  // Number and bytes of those that headquarters does not have yet.
  struct Waiting {
    int count = 0;
    std::uint64_t bytes = 0;
  };
  Result<Waiting> waiting();

  // Sends what waits, one after another; stops at the first lost connection
  // and goes on from there at the next start(). Does nothing while it runs.
  void start();
  // `done` when the photo is here, or why not.
  void fetch(const Hash256& hash, std::function<void(Status)> done);

 private:
  PhotoLane(Database& db, Remote& remote) : db_(db), remote_(remote) {}
  Result<std::optional<Hash256>> next_waiting();
  void send_next_part();
  void fetch_next_part(std::shared_ptr<sync::Download> download, Hash256 hash,
                       std::function<void(Status)> done);
  Status mark_sent(const Hash256& hash);

  Database& db_;
  Remote& remote_;
  Bytes sending_;  // content of the upload under way
  std::unique_ptr<sync::Upload> upload_;
};

}  // namespace banyan
