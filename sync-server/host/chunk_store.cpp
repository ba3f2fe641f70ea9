#include "sync-server/host/chunk_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;
using sync::ChunkState;

namespace {

constexpr auto kPartLife = std::chrono::hours(7 * 24);

std::uint64_t size_of(const fs::path& path) {
  std::error_code absent;
  const std::uintmax_t size = fs::file_size(path, absent);
  return absent ? 0 : size;
}

Error chunk_error(const fs::path& path) {
  const int cause = errno;
  const auto code = cause == ENOSPC || cause == EDQUOT ? ErrorCode::StorageFull : ErrorCode::Io;
  return fail(code, path.string() + ": " + std::strerror(cause));
}

}  // namespace

fs::path ChunkStore::whole_path(const Hash256& hash) const {
  const std::string name = to_hex(hash.view());
  return folder_ / name.substr(0, 2) / name;
}

fs::path ChunkStore::part_path(const Hash256& hash, DeviceId device) const {
  return whole_path(hash).string() + "." + std::to_string(number(device)) + ".part";
}

Result<ChunkState> ChunkStore::state(const Hash256& hash, DeviceId device) const {
  std::error_code error;
  const fs::path whole = whole_path(hash);
  if (fs::exists(whole, error)) return ChunkState{size_of(whole), true};
  return ChunkState{size_of(part_path(hash, device)), false};
}

Result<ChunkState> ChunkStore::put(const Hash256& hash, DeviceId device, std::uint64_t offset,
                                   std::uint64_t size, ByteView part) {
  if (size > sync::kAttachmentBytesMax) return fail(ErrorCode::TooLarge, "attachment");
  TRY_ASSIGN(const ChunkState now, state(hash, device));
  if (now.whole || part.empty() || offset != now.have) return now;
  if (offset + part.size() > size) return fail(ErrorCode::Invalid, "more than was announced");

  const fs::path path = part_path(hash, device);
  TRY(make_private_folder(path.parent_path()));
  std::error_code error;
  const fs::space_info space = fs::space(folder_, error);
  if (!error && space.available < kFreeBytesMin + size) {
    return fail(ErrorCode::StorageFull, "the disk is nearly full: no more attachments");
  }
  TRY(append(path, part));
  if (offset + part.size() < size) return ChunkState{offset + part.size(), false};
  return finish(path, hash);
}

Status ChunkStore::append(const fs::path& path, ByteView part) {
  const FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file) return chunk_error(path);
  return write_all(file.get(), part, path);  // what was written counts: the device asks and goes on
}

Result<ChunkState> ChunkStore::finish(const fs::path& path, const Hash256& hash) {
  TRY_ASSIGN(const Bytes content, read_file(path, sync::kAttachmentBytesMax));
  if (hash256(content) != hash) {
    std::error_code error;
    if (!fs::remove(path, error)) return fail(ErrorCode::Io, path.string());
    return ChunkState{};  // start over
  }
  {
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || ::fsync(file.get()) != 0) return chunk_error(path);
  }
  const fs::path whole = whole_path(hash);
  if (::rename(path.c_str(), whole.c_str()) != 0) return chunk_error(whole);
  TRY(sync_folder(whole.parent_path()));
  TRY(sync_folder(folder_));
  return ChunkState{content.size(), true};
}

Result<ChunkStore::Slice> ChunkStore::get(const Hash256& hash, std::uint64_t offset,
                                          std::size_t size_max) const {
  const fs::path path = whole_path(hash);
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return errno == ENOENT ? fail(ErrorCode::NotFound, "attachment") : chunk_error(path);
  Slice slice;
  slice.size = size_of(path);
  if (offset > slice.size) return fail(ErrorCode::Invalid, "offset behind the end");
  const std::uint64_t rest = slice.size - offset;
  slice.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(rest, size_max)));
  slice.last = slice.bytes.size() == rest;
  std::size_t got = 0;
  while (got < slice.bytes.size()) {
    const ssize_t count = ::pread(file.get(), slice.bytes.data() + got, slice.bytes.size() - got,
                                  static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return chunk_error(path);
    got += static_cast<std::size_t>(count);
  }
  return slice;
}

Status ChunkStore::tidy() {
  std::error_code error;
  if (!fs::is_directory(folder_, error)) return {};
  const auto oldest = fs::file_time_type::clock::now() - kPartLife;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, error)) {
    std::error_code gone_already;
    if (entry.path().extension() != ".part") continue;
    if (fs::last_write_time(entry.path(), gone_already) < oldest && !gone_already) {
      fs::remove(entry.path(), gone_already);
    }
  }
  if (error) return fail(ErrorCode::Io, folder_.string() + ": " + error.message());
  return {};
}

}  // namespace banyan::server
