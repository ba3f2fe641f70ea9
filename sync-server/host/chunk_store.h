// Photos and scans on the server's disk: each whole one in a file named by its
// hash, each unfinished one in a file of its device. See shared/sync/attachments.h.
//
// Parts are kept per device, so nobody can spoil what another one is sending. A
// file gets its final name only when its content has that hash and is durable.
#pragma once

#include <cstdint>
#include <filesystem>

#include "shared/base/ids.h"
#include "shared/sync/attachments.h"

namespace banyan::server {

class ChunkStore {
 public:
  static constexpr std::uint64_t kFreeBytesMin = 256U << 20;  // left on the disk for the log

  explicit ChunkStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // How far that device is. Nothing sent yet is no error.
  Result<sync::ChunkState> state(const Hash256& hash, DeviceId device) const;

  // Takes `part` when it starts where the device's file ends; otherwise only
  // tells where that is. TooLarge, StorageFull.
  Result<sync::ChunkState> put(const Hash256& hash, DeviceId device, std::uint64_t offset,
                               std::uint64_t size, ByteView part);

  struct Slice {
    Bytes bytes;
    std::uint64_t size = 0;  // of the whole
    bool last = false;
  };
  // NotFound until it is whole; Invalid for an offset behind its end.
  Result<Slice> get(const Hash256& hash, std::uint64_t offset, std::size_t size_max) const;

  // Removes unfinished files that nobody has touched for a week.
  Status tidy();

 private:
  std::filesystem::path whole_path(const Hash256& hash) const;
  std::filesystem::path part_path(const Hash256& hash, DeviceId device) const;
  Status append(const std::filesystem::path& path, ByteView part);
  Result<sync::ChunkState> finish(const std::filesystem::path& path, const Hash256& hash);

  std::filesystem::path folder_;
};

}  // namespace banyan::server
