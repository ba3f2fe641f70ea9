#include "shared/platform/web/opfs_page_store.h"

#include <array>
#include <vector>

#include "shared/platform/pooled_page_store.h"

// In opfs.js. A negative answer is a failure, whose message banyan_opfs_error() has.
// Offsets and sizes are doubles: exact up to 2^53.
extern "C" {
int banyan_opfs_state();
int banyan_opfs_pages();
void banyan_opfs_free_pages(int count);
double banyan_opfs_read(int file, void* out, int size, double offset);
double banyan_opfs_write(int file, const void* in, int size, double offset);
int banyan_opfs_truncate(int file, double size);
double banyan_opfs_size(int file);
int banyan_opfs_flush(int file);
void banyan_opfs_error(char* out, int size);
}

namespace banyan {
namespace {

constexpr int kQuotaExceeded = -2;
constexpr int kSlotTable = 0;  // the pages follow

std::string browser_message() {
  std::array<char, 256> text{};
  banyan_opfs_error(text.data(), static_cast<int>(text.size()));
  return text.data();
}

Error browser_error(double answer) {
  const bool full = answer == static_cast<double>(kQuotaExceeded);
  return fail(full ? ErrorCode::StorageFull : ErrorCode::Io, browser_message());
}

class OpfsFile final : public StoreFile {
 public:
  explicit OpfsFile(int index) : index_(index) {}

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    const double got = banyan_opfs_read(index_, out.data(), static_cast<int>(out.size()),
                                        static_cast<double>(offset));
    if (got < 0) return browser_error(got);
    return static_cast<std::size_t>(got);
  }
  Status write(std::uint64_t offset, ByteView bytes) override {
    const double put = banyan_opfs_write(index_, bytes.data(), static_cast<int>(bytes.size()),
                                         static_cast<double>(offset));
    if (put < 0) return browser_error(put);
    return {};
  }
  Status truncate(std::uint64_t size) override {
    return status(banyan_opfs_truncate(index_, static_cast<double>(size)));
  }
  Result<std::uint64_t> size() override {
    const double size = banyan_opfs_size(index_);
    if (size < 0) return browser_error(size);
    return static_cast<std::uint64_t>(size);
  }
  Status sync() override { return status(banyan_opfs_flush(index_)); }

 private:
  static Status status(int answer) {
    if (answer < 0) return browser_error(answer);
    return {};
  }
  int index_;
};

class OpfsPool final : public HandlePool {
 public:
  StoreFile& table() override { return table_; }
  int pages() const override { return banyan_opfs_pages(); }
  StoreFile& page(int index) override {
    while (pages_.size() <= static_cast<std::size_t>(index)) {
      pages_.push_back(
          std::make_unique<OpfsFile>(static_cast<int>(pages_.size()) + kSlotTable + 1));
    }
    return *pages_[static_cast<std::size_t>(index)];
  }
  void report_free(int count) override { banyan_opfs_free_pages(count); }

 private:
  OpfsFile table_{kSlotTable};
  std::vector<std::unique_ptr<OpfsFile>> pages_;
};

class OpfsPageStore final : public PageStore {
 public:
  Status mount() {
    TRY_ASSIGN(store_, PooledPageStore::mount(pool_));
    return {};
  }
  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override {
    return store_->open(name, mode);
  }
  Result<bool> exists(std::string_view name) override { return store_->exists(name); }
  Status remove(std::string_view name) override { return store_->remove(name); }
  Status replace(std::string_view from, std::string_view to) override {
    return store_->replace(from, to);
  }
  Result<std::vector<std::string>> list() override { return store_->list(); }

 private:
  OpfsPool pool_;
  std::unique_ptr<PooledPageStore> store_;
};

}  // namespace

Result<std::unique_ptr<PageStore>> open_opfs_page_store() {
  switch (banyan_opfs_state()) {  // as in opfs.js
    case 0: break;
    case 1: return fail(ErrorCode::Unavailable, browser_message());
    case 2: return fail(ErrorCode::Locked, browser_message());
    default: return fail(ErrorCode::Io, browser_message());
  }
  auto store = std::make_unique<OpfsPageStore>();
  TRY(store->mount());
  return std::unique_ptr<PageStore>(std::move(store));
}

}  // namespace banyan
