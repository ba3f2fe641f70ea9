// A page store that forgets everything when it goes: for tests, and for the
// training mode of a browser without OPFS.
#pragma once

#include <limits>
#include <map>

#include "shared/platform/page_store.h"

namespace banyan {

class MemoryPageStore final : public PageStore {
 public:
  static constexpr std::uint64_t kNoQuota = std::numeric_limits<std::uint64_t>::max();

  explicit MemoryPageStore(std::uint64_t quota_bytes = kNoQuota) : quota_bytes_(quota_bytes) {}

  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override;
  Result<bool> exists(std::string_view name) override;
  Status remove(std::string_view name) override;
  Status replace(std::string_view from, std::string_view to) override;
  Result<std::vector<std::string>> list() override;

  // May be lowered below what is stored: then nothing grows any more.
  void set_quota_bytes(std::uint64_t bytes) { quota_bytes_ = bytes; }
  std::uint64_t used_bytes() const;

 private:
  struct Content {
    Bytes bytes;
    bool open = false;
  };
  class File;

  // Grows or shrinks; StorageFull when growing passes the quota.
  Status resize(Content& content, std::uint64_t size);
  Result<Content*> closed(std::string_view name);  // NotFound, Locked

  std::map<std::string, std::shared_ptr<Content>, std::less<>> files_;
  std::uint64_t quota_bytes_;
};

}  // namespace banyan
