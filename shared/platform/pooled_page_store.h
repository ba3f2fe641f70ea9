// A page store over a pool of files that are open already, for a system that
// can open files only asynchronously (OPFS). A name table says which file of the
// pool has which name.
//
// The table lies in two slots, written alternately and checksummed, so that a
// torn write leaves the one before. Creating, removing and replacing files is
// one write of the table each. (As in SQLite's opfs-sahpool; format below.)
#pragma once

#include <map>
#include <string>

#include "shared/platform/page_store.h"

namespace banyan {

// Files that stay open. More may be there at the next call, never fewer.
class HandlePool {
 public:
  virtual ~HandlePool() = default;
  virtual StoreFile& table() = 0;
  virtual int pages() const = 0;
  virtual StoreFile& page(int index) = 0;
  // How many pages have no name: a good moment to open more in the background.
  virtual void report_free(int count) = 0;
};

// One slot of the table, little endian:
//   "BNNT" | version u8 = 0 | generation u64 | count u16
//   | count x (page u16 | name: varint length, bytes) | CRC-64/XZ of all before
class PooledPageStore final : public PageStore {
 public:
  static constexpr std::uint64_t kSlotSize = 16 * 1024;

  // Reads the table and empties pages without a name: an interrupted removal
  // ends here. Corrupt when both slots are damaged. `pool` must outlive this.
  static Result<std::unique_ptr<PooledPageStore>> mount(HandlePool& pool);

  // Unavailable when a new name finds no free page: try again a little later.
  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override;
  Result<bool> exists(std::string_view name) override;
  Status remove(std::string_view name) override;
  Status replace(std::string_view from, std::string_view to) override;
  Result<std::vector<std::string>> list() override;

 private:
  struct Entry {
    int page = 0;
    bool open = false;
  };
  class File;
  using Names = std::map<std::string, Entry, std::less<>>;

  explicit PooledPageStore(HandlePool& pool) : pool_(pool) {}
  Status read_table();
  Status write_table(const Names& names);
  Status adopt(Names names);  // writes them, then makes them ours
  Result<Names::const_iterator> closed(std::string_view name) const;
  int free_page() const;  // -1 when there is none
  bool any_page_in_use();
  Status empty(int page);

  HandlePool& pool_;
  Names names_;
  std::uint64_t generation_ = 0;
};

}  // namespace banyan
