#include "shared/platform/native/file_page_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace banyan {
namespace {

Error io_error(const char* call, std::string_view name, int number = errno) {
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  const ErrorCode code = full               ? ErrorCode::StorageFull
                         : number == ENOENT ? ErrorCode::NotFound
                                            : ErrorCode::Io;
  return fail(code, std::string(call) + " " + std::string(name) + ": " + std::strerror(number));
}

template <class Call>
auto again_if_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class File final : public StoreFile {
 public:
  File(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~File() override { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = again_if_interrupted([&] {
        return ::pread(descriptor_, out.data() + done, out.size() - done,
                       static_cast<off_t>(offset + done));
      });
      if (got < 0) return io_error("read", name_);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Status write(std::uint64_t offset, ByteView bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t put = again_if_interrupted([&] {
        return ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                        static_cast<off_t>(offset + done));
      });
      if (put < 0) return io_error("write", name_);
      done += static_cast<std::size_t>(put);
    }
    return {};
  }

  Status truncate(std::uint64_t size) override {
    const auto call = [&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); };
    if (again_if_interrupted(call) != 0) return io_error("truncate", name_);
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat info {};
    if (::fstat(descriptor_, &info) != 0) return io_error("stat", name_);
    return static_cast<std::uint64_t>(info.st_size);
  }

  // Never retried: after a failed fsync the kernel may have dropped the pages.
  Status sync() override {
    if (::fdatasync(descriptor_) != 0) return io_error("sync", name_);
    return {};
  }

 private:
  std::string name_;
  int descriptor_;
};

}  // namespace

Result<std::unique_ptr<FilePageStore>> FilePageStore::at(std::string folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return io_error("mkdir", folder);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return io_error("open", folder);
  return std::unique_ptr<FilePageStore>(new FilePageStore(std::move(folder), descriptor));
}

FilePageStore::~FilePageStore() { ::close(descriptor_); }

Status FilePageStore::sync_folder() {
  if (::fsync(descriptor_) != 0) return io_error("sync", folder_);
  return {};
}

Result<std::unique_ptr<StoreFile>> FilePageStore::open(std::string_view name, OpenMode mode) {
  TRY(check_store_name(name));
  TRY_ASSIGN(const bool existed, exists(name));
  if (!existed && mode == OpenMode::Existing) return fail(ErrorCode::NotFound, std::string(name));
  const std::string path(name);
  const int descriptor =
      ::openat(descriptor_, path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return io_error("open", name);
  auto file = std::make_unique<File>(path, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(ErrorCode::Locked, path + " is open");
    return io_error("lock", name);
  }
  if (!existed) TRY(sync_folder());
  return std::unique_ptr<StoreFile>(std::move(file));
}

Result<bool> FilePageStore::exists(std::string_view name) {
  TRY(check_store_name(name));
  struct stat info {};
  if (::fstatat(descriptor_, std::string(name).c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    return S_ISREG(info.st_mode);
  }
  if (errno == ENOENT) return false;
  return io_error("stat", name);
}

Status FilePageStore::check_closed(const std::string& name) {
  TRY_ASSIGN([[maybe_unused]] const auto probe, open(name, OpenMode::Existing));
  return {};
}

Status FilePageStore::remove(std::string_view name) {
  const std::string path(name);
  TRY(check_closed(path));
  if (::unlinkat(descriptor_, path.c_str(), 0) != 0) return io_error("remove", name);
  return sync_folder();
}

Status FilePageStore::replace(std::string_view from, std::string_view to) {
  const std::string old_path(from);
  const std::string new_path(to);
  TRY(check_closed(old_path));
  if (Status taken = check_closed(new_path);
      !taken.ok() && taken.error().code != ErrorCode::NotFound) {
    return taken;
  }
  if (::renameat(descriptor_, old_path.c_str(), descriptor_, new_path.c_str()) != 0) {
    return io_error("rename", from);
  }
  return sync_folder();
}

Result<std::vector<std::string>> FilePageStore::list() {
  DIR* stream = ::opendir(folder_.c_str());
  if (stream == nullptr) return io_error("list", folder_);
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = ::readdir(stream); errno = 0) {
    const Result<bool> ours = exists(entry->d_name);
    if (ours.ok() && *ours) names.emplace_back(entry->d_name);
  }
  const int trouble = errno;
  ::closedir(stream);
  if (trouble != 0) return io_error("list", folder_, trouble);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace banyan
