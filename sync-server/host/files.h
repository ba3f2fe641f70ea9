// Files of the data folder: read whole, written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "shared/base/bytes.h"

namespace banyan::server {

// NotFound, Io, or TooLarge over `size_max`.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max);
Result<std::string> read_text(const std::filesystem::path& path, std::size_t size_max);

enum class Readers : std::uint8_t { Owner, Everybody };

// Writes a new file beside `path`, makes it durable, renames it into place and
// makes that durable too: after a crash the old content or the new is there.
Status write_file(const std::filesystem::path& path, ByteView content, Readers readers);
// All of it, to an open file; after an error a part may be written. `path` is for the message.
Status write_all(int fd, ByteView content, const std::filesystem::path& path);

// Makes what happened in a folder (a rename, a removal) durable.
Status sync_folder(const std::filesystem::path& folder);

// Creates a folder, parents too, that only its owner may enter.
Status make_private_folder(const std::filesystem::path& folder);

// An open file descriptor that closes itself.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Held by the one process that may write a data folder; given back when the
// handle goes, a kill included. Locked when somebody else has it.
Result<FileHandle> lock_folder(const std::filesystem::path& folder);

}  // namespace banyan::server
