// Named files of bytes, on whatever a device has: OPFS in the browser, a folder
// on a server, memory in a test. Databases, keyring and outbox lie on it.
//
// Every implementation keeps the promises of tests/contracts/page_store:
// - A name is 1 to 64 characters of [A-Za-z0-9._-].
// - An open file belongs to one owner: opening it again is Locked.
// - write() and truncate() are durable after the next sync() of that file;
//   create, remove and replace are durable when they return.
// - StorageFull is for a full disk or quota only, and leaves the file usable;
//   part of the bytes may have been written. Everything else that fails is Io.
// Not thread-safe: one thread per store.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/result.h"

namespace banyan {

// Closes when it is destroyed. Must not outlive its store.
class StoreFile {
 public:
  virtual ~StoreFile() = default;

  // How many bytes were read: fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
  // Extends the file when needed; a gap reads as zeros.
  virtual Status write(std::uint64_t offset, ByteView bytes) = 0;
  virtual Status truncate(std::uint64_t size) = 0;  // extends with zeros, too
  virtual Result<std::uint64_t> size() = 0;
  virtual Status sync() = 0;
};

enum class OpenMode : std::uint8_t {
  Existing,  // NotFound when there is none
  Create,    // makes an empty one when there is none
};

class PageStore {
 public:
  virtual ~PageStore() = default;

  virtual Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) = 0;
  virtual Result<bool> exists(std::string_view name) = 0;
  // NotFound when there is none, Locked while it is open.
  virtual Status remove(std::string_view name) = 0;
  // `from` takes the name and the place of `to`, all or nothing; what `to` held
  // is gone. NotFound without `from`, Locked while either is open.
  virtual Status replace(std::string_view from, std::string_view to) = 0;
  virtual Result<std::vector<std::string>> list() = 0;  // sorted
};

// Invalid unless `name` is one that every store takes.
Status check_store_name(std::string_view name);

// Reads a whole file. NotFound when there is none, TooLarge over `size_max`.
Result<Bytes> read_file(PageStore& store, std::string_view name, std::size_t size_max);
// Writes a whole file anew: complete and durable, or as it was before.
Status write_file(PageStore& store, std::string_view name, ByteView bytes);

}  // namespace banyan
