// A disk whose power fails: what was not synced is kept, lost, torn or
// reordered, 512 bytes at a time, as a seed decides.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "shared/platform/page_store.h"
#include "shared/platform/random.h"

namespace banyan::test {

class CrashingPageStore final : public PageStore {
 public:
  // The power fails at the how-manieth change (write, truncate, sync, create,
  // remove, replace) from now, counting from 1; 0 never. From then on every call is Io.
  void fail_power_at(std::uint64_t change) {
    fail_at_ = change;
    changes_ = 0;
  }
  std::uint64_t changes() const { return changes_; }
  bool powered() const { return powered_; }

  // Power comes back. Every StoreFile of before must be gone.
  void power_on(Random& random) {
    for (auto& [name, content] : files_) {
      content->survive(random);
      content->open = false;
    }
    powered_ = true;
    fail_at_ = 0;
  }

  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override {
    TRY(check_store_name(name));
    if (!powered_) return dead();
    auto found = files_.find(name);
    if (found == files_.end()) {
      if (mode == OpenMode::Existing) return fail(ErrorCode::NotFound, std::string(name));
      if (!change()) return dead();
      found = files_.emplace(std::string(name), std::make_shared<Content>()).first;
    }
    if (found->second->open) return fail(ErrorCode::Locked, std::string(name));
    return std::unique_ptr<StoreFile>(std::make_unique<File>(*this, found->second));
  }
  Result<bool> exists(std::string_view name) override {
    TRY(check_store_name(name));
    if (!powered_) return dead();
    return files_.find(name) != files_.end();
  }
  Status remove(std::string_view name) override {
    TRY(check_closed(name));
    if (!change()) return dead();
    files_.erase(files_.find(name));
    return {};
  }
  Status replace(std::string_view from, std::string_view to) override {
    TRY(check_closed(from));
    const Status old = check_closed(to);
    if (!old.ok() && old.error().code != ErrorCode::NotFound) return old;
    if (!change()) return dead();
    const auto found = files_.find(from);
    const auto content = found->second;
    files_.erase(found);
    files_[std::string(to)] = content;
    return {};
  }
  Result<std::vector<std::string>> list() override {
    std::vector<std::string> names;
    for (const auto& [name, content] : files_) names.push_back(name);
    return names;
  }

 private:
  static constexpr std::uint64_t kSector = 512;
  static constexpr std::uint64_t kWrite = std::numeric_limits<std::uint64_t>::max();

  struct Change {
    std::uint64_t offset = 0;
    Bytes bytes;
    std::uint64_t truncate_to = kWrite;  // unless it is a truncation
  };

  struct Content {
    Bytes durable;                // as of the last sync
    Bytes current;                // as programs see it
    std::vector<Change> pending;  // since then, at most a sector each
    bool open = false;

    static void apply(Bytes& image, const Change& change) {
      if (change.truncate_to != kWrite) {
        image.resize(static_cast<std::size_t>(change.truncate_to));
        return;
      }
      const auto at = static_cast<std::size_t>(change.offset);
      if (image.size() < at + change.bytes.size()) image.resize(at + change.bytes.size());
      std::copy(change.bytes.begin(), change.bytes.end(),
                image.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void sync() {
      for (const Change& change : pending) apply(durable, change);
      pending.clear();
    }

    void survive(Random& random) {
      const std::uint64_t kept_percent = random.below(5) * 25;  // 0, 25, ... 100
      if (random.below(2) == 0) shuffle(random);
      for (Change& change : pending) {
        if (random.below(100) >= kept_percent) continue;
        if (change.truncate_to == kWrite && random.below(8) == 0) {
          change.bytes.resize(static_cast<std::size_t>(random.below(change.bytes.size() + 1)));
        }
        grow(change, random);
        apply(durable, change);
      }
      pending.clear();
      current = durable;
    }

    // A gap before a sector that survived holds whatever the disk had there.
    void grow(const Change& change, Random& random) {
      if (change.truncate_to != kWrite || change.offset <= durable.size()) return;
      const std::size_t old = durable.size();
      durable.resize(static_cast<std::size_t>(change.offset));
      if (random.below(2) == 0) random.fill(std::span(durable).subspan(old));
    }

    void shuffle(Random& random) {
      for (std::size_t i = pending.size(); i > 1; --i) {
        std::swap(pending[i - 1], pending[static_cast<std::size_t>(random.below(i))]);
      }
    }
  };

  class File final : public StoreFile {
   public:
    File(CrashingPageStore& store, std::shared_ptr<Content> content)
        : store_(store), content_(std::move(content)) {
      content_->open = true;
    }
    ~File() override { content_->open = false; }

    Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
      if (!store_.powered_) return dead();
      const Bytes& bytes = content_->current;
      if (offset >= bytes.size()) return std::size_t{0};
      const auto at = static_cast<std::size_t>(offset);
      const std::size_t size = std::min(out.size(), bytes.size() - at);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, out.begin());
      return size;
    }
    // A write that the power cuts is pending: part of it may be on the disk.
    Status write(std::uint64_t offset, ByteView bytes) override {
      if (!store_.powered_) return dead();
      while (!bytes.empty()) {
        const std::size_t size = static_cast<std::size_t>(
            std::min<std::uint64_t>(bytes.size(), kSector - offset % kSector));
        Change change{offset,
                      Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)),
                      kWrite};
        Content::apply(content_->current, change);
        content_->pending.push_back(std::move(change));
        offset += size;
        bytes = bytes.subspan(size);
      }
      return store_.change() ? Status() : Status(dead());
    }
    Status truncate(std::uint64_t size) override {
      if (!store_.powered_) return dead();
      content_->pending.push_back({0, {}, size});
      Content::apply(content_->current, content_->pending.back());
      return store_.change() ? Status() : Status(dead());
    }
    Result<std::uint64_t> size() override {
      if (!store_.powered_) return dead();
      return std::uint64_t{content_->current.size()};
    }
    Status sync() override {
      if (!store_.powered_ || !store_.change()) return dead();
      content_->sync();
      return {};
    }

   private:
    CrashingPageStore& store_;
    std::shared_ptr<Content> content_;
  };

  static Error dead() { return fail(ErrorCode::Io, "the power failed"); }

  // False when this change is the one that the power fails at.
  bool change() {
    if (!powered_) return false;
    ++changes_;
    if (fail_at_ != 0 && changes_ >= fail_at_) powered_ = false;
    return powered_;
  }
  Status check_closed(std::string_view name) {
    TRY(check_store_name(name));
    if (!powered_) return dead();
    const auto found = files_.find(name);
    if (found == files_.end()) return fail(ErrorCode::NotFound, std::string(name));
    if (found->second->open) return fail(ErrorCode::Locked, std::string(name));
    return {};
  }

  std::map<std::string, std::shared_ptr<Content>, std::less<>> files_;
  std::uint64_t fail_at_ = 0;
  std::uint64_t changes_ = 0;
  bool powered_ = true;
};

}  // namespace banyan::test
