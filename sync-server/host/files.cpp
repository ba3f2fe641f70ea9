#include "sync-server/host/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

Error file_error(const fs::path& path, std::string_view what) {
  const int cause = errno;
  const auto code = cause == ENOENT                      ? ErrorCode::NotFound
                    : cause == ENOSPC || cause == EDQUOT ? ErrorCode::StorageFull
                                                         : ErrorCode::Io;
  return fail(code, path.string() + ": " + std::string(what) + ": " + std::strerror(cause));
}

}  // namespace

Status write_all(int fd, ByteView content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return file_error(path, "write");
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

FileHandle::FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
FileHandle::~FileHandle() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Bytes> read_file(const fs::path& path, std::size_t size_max) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return file_error(path, "open");
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return file_error(path, "stat");
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::Invalid, path.string() + " is no file");
  if (static_cast<std::uint64_t>(info.st_size) > size_max) {
    return fail(ErrorCode::TooLarge, path.string());
  }
  Bytes content(static_cast<std::size_t>(info.st_size));
  std::size_t got = 0;
  while (got < content.size()) {
    const ssize_t count = ::read(file.get(), content.data() + got, content.size() - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(path, "read");
    if (count == 0) break;  // it became shorter meanwhile
    got += static_cast<std::size_t>(count);
  }
  content.resize(got);
  return content;
}

Result<std::string> read_text(const fs::path& path, std::size_t size_max) {
  TRY_ASSIGN(const Bytes content, read_file(path, size_max));
  return std::string(as_text(content));
}

Status write_file(const fs::path& path, ByteView content, Readers readers) {
  const fs::path fresh = path.string() + ".new";
  {
    const mode_t mode = readers == Readers::Owner ? 0600 : 0644;
    FileHandle file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file) return file_error(fresh, "open");
    if (::fchmod(file.get(), mode) != 0) return file_error(fresh, "chmod");
    TRY(write_all(file.get(), content, fresh));
    if (::fsync(file.get()) != 0) return file_error(fresh, "sync");
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return file_error(path, "rename");
  return sync_folder(path.parent_path());
}

Status sync_folder(const fs::path& folder) {
  const fs::path where = folder.empty() ? fs::path(".") : folder;
  const FileHandle handle(::open(where.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle) return file_error(where, "open");
  if (::fsync(handle.get()) != 0) return file_error(where, "sync");
  return {};
}

Status make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  fs::create_directories(folder, error);
  if (error) return fail(ErrorCode::Io, folder.string() + ": " + error.message());
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return fail(ErrorCode::Io, folder.string() + ": " + error.message());
  return {};
}

Result<FileHandle> lock_folder(const fs::path& folder) {
  const fs::path path = folder / "lock";
  FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return file_error(path, "open");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::Locked, folder.string() + " is in use by another banyan-server");
  }
  return file;
}

}  // namespace banyan::server
