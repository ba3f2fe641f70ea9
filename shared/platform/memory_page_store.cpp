#include "shared/platform/memory_page_store.h"

#include <algorithm>

namespace banyan {

class MemoryPageStore::File final : public StoreFile {
 public:
  File(MemoryPageStore& store, std::shared_ptr<Content> content)
      : store_(store), content_(std::move(content)) {
    content_->open = true;
  }
  ~File() override { content_->open = false; }

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    const Bytes& bytes = content_->bytes;
    if (offset >= bytes.size()) return std::size_t{0};
    const auto at = static_cast<std::size_t>(offset);
    const std::size_t size = std::min(out.size(), bytes.size() - at);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, out.begin());
    return size;
  }

  Status write(std::uint64_t offset, ByteView bytes) override {
    if (offset + bytes.size() > content_->bytes.size()) {
      TRY(store_.resize(*content_, offset + bytes.size()));
    }
    std::copy(bytes.begin(), bytes.end(),
              content_->bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    return {};
  }

  Status truncate(std::uint64_t size) override { return store_.resize(*content_, size); }
  Result<std::uint64_t> size() override { return std::uint64_t{content_->bytes.size()}; }
  Status sync() override { return {}; }

 private:
  MemoryPageStore& store_;
  std::shared_ptr<Content> content_;
};

Result<std::unique_ptr<StoreFile>> MemoryPageStore::open(std::string_view name, OpenMode mode) {
  TRY(check_store_name(name));
  auto found = files_.find(name);
  if (found == files_.end()) {
    if (mode == OpenMode::Existing) return fail(ErrorCode::NotFound, std::string(name));
    found = files_.emplace(std::string(name), std::make_shared<Content>()).first;
  }
  if (found->second->open) return fail(ErrorCode::Locked, std::string(name) + " is open");
  return std::unique_ptr<StoreFile>(std::make_unique<File>(*this, found->second));
}

Result<bool> MemoryPageStore::exists(std::string_view name) {
  TRY(check_store_name(name));
  return files_.find(name) != files_.end();
}

Result<MemoryPageStore::Content*> MemoryPageStore::closed(std::string_view name) {
  TRY(check_store_name(name));
  const auto found = files_.find(name);
  if (found == files_.end()) return fail(ErrorCode::NotFound, std::string(name));
  if (found->second->open) return fail(ErrorCode::Locked, std::string(name) + " is open");
  return found->second.get();
}

Status MemoryPageStore::remove(std::string_view name) {
  TRY_ASSIGN([[maybe_unused]] const Content* content, closed(name));
  files_.erase(files_.find(name));
  return {};
}

Status MemoryPageStore::replace(std::string_view from, std::string_view to) {
  TRY_ASSIGN([[maybe_unused]] const Content* content, closed(from));
  const Result<Content*> old = closed(to);
  if (!old.ok() && old.error().code != ErrorCode::NotFound) return old.error();
  if (from == to) return {};
  const auto found = files_.find(from);
  files_[std::string(to)] = found->second;
  files_.erase(files_.find(from));
  return {};
}

Result<std::vector<std::string>> MemoryPageStore::list() {
  std::vector<std::string> names;
  for (const auto& [name, content] : files_) names.push_back(name);
  return names;
}

std::uint64_t MemoryPageStore::used_bytes() const {
  std::uint64_t used = 0;
  for (const auto& [name, content] : files_) used += content->bytes.size();
  return used;
}

Status MemoryPageStore::resize(Content& content, std::uint64_t size) {
  if (size > content.bytes.size()) {
    const std::uint64_t more = size - content.bytes.size();
    if (quota_bytes_ != kNoQuota && used_bytes() + more > quota_bytes_) {
      return fail(ErrorCode::StorageFull, "the quota of the memory store is used up");
    }
  }
  content.bytes.resize(static_cast<std::size_t>(size));
  return {};
}

}  // namespace banyan
