// A page store in front of another one that fails at one chosen call.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "shared/platform/page_store.h"

namespace banyan::test {

// Bits of the calls that a plan counts.
enum StoreCall : unsigned {
  kCallOpen = 1,
  kCallExists = 2,
  kCallRemove = 4,
  kCallReplace = 8,
  kCallRead = 16,
  kCallWrite = 32,
  kCallTruncate = 64,
  kCallSize = 128,
  kCallSync = 256,
  kCallAny = 511,
};

struct FaultPlan {
  std::uint64_t at = 0;       // the how-manieth counted call fails, from 1; 0 never
  bool sticky = false;        // and all counted ones after it
  unsigned calls = kCallAny;  // which calls are counted
  ErrorCode code = ErrorCode::Io;
  std::size_t bytes_written = 0;  // how much of a failing write still arrives
};

class FaultyPageStore final : public PageStore {
 public:
  explicit FaultyPageStore(PageStore& below) : below_(below) {}

  // Counting starts anew.
  void plan(const FaultPlan& plan) {
    plan_ = plan;
    counted_ = 0;
    fired_ = 0;
  }
  std::uint64_t counted() const { return counted_; }
  std::uint64_t fired() const { return fired_; }
  unsigned last_call_fired() const { return last_call_; }

  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override {
    if (fails(kCallOpen)) return error();
    TRY_ASSIGN(auto file, below_.open(name, mode));
    return std::unique_ptr<StoreFile>(std::make_unique<File>(*this, std::move(file)));
  }
  Result<bool> exists(std::string_view name) override {
    if (fails(kCallExists)) return error();
    return below_.exists(name);
  }
  Status remove(std::string_view name) override {
    return fails(kCallRemove) ? Status(error()) : below_.remove(name);
  }
  Status replace(std::string_view from, std::string_view to) override {
    return fails(kCallReplace) ? Status(error()) : below_.replace(from, to);
  }
  Result<std::vector<std::string>> list() override { return below_.list(); }

 private:
  class File final : public StoreFile {
   public:
    File(FaultyPageStore& owner, std::unique_ptr<StoreFile> below)
        : owner_(owner), below_(std::move(below)) {}

    Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
      if (!owner_.fails(kCallRead)) return below_->read(offset, out);
      std::fill(out.begin(), out.end(), std::uint8_t{0xEE});  // whatever was in the buffer
      return owner_.error();
    }
    Status write(std::uint64_t offset, ByteView bytes) override {
      if (!owner_.fails(kCallWrite)) return below_->write(offset, bytes);
      const std::size_t size = std::min(owner_.plan_.bytes_written, bytes.size());
      if (size > 0) TRY(below_->write(offset, bytes.first(size)));
      return owner_.error();
    }
    Status truncate(std::uint64_t size) override {
      return owner_.fails(kCallTruncate) ? Status(owner_.error()) : below_->truncate(size);
    }
    Result<std::uint64_t> size() override {
      if (owner_.fails(kCallSize)) return owner_.error();
      return below_->size();
    }
    Status sync() override {
      return owner_.fails(kCallSync) ? Status(owner_.error()) : below_->sync();
    }

   private:
    FaultyPageStore& owner_;
    std::unique_ptr<StoreFile> below_;
  };

  bool fails(StoreCall call) {
    if ((plan_.calls & call) == 0) return false;
    ++counted_;
    const bool now =
        plan_.at != 0 && (counted_ == plan_.at || (plan_.sticky && counted_ > plan_.at));
    if (now) {
      ++fired_;
      last_call_ = call;
    }
    return now;
  }
  Error error() const { return fail(plan_.code, "injected"); }

  PageStore& below_;
  FaultPlan plan_;
  std::uint64_t counted_ = 0;
  std::uint64_t fired_ = 0;
  unsigned last_call_ = 0;
};

}  // namespace banyan::test
