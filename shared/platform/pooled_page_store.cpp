#include "shared/platform/pooled_page_store.h"

#include <algorithm>
#include <optional>
#include <set>

namespace banyan {
namespace {

constexpr std::uint32_t kMagic = 0x544E4E42;  // "BNNT"
constexpr std::uint8_t kVersion = 0;
constexpr std::size_t kNameSizeMax = 64;

// CRC-64/XZ: finds every torn or flipped stretch up to 64 bits, others but for 2^-64.
std::uint64_t checksum(ByteView bytes) {
  std::uint64_t crc = ~std::uint64_t{0};
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xC96C5795D7870F42U : 0);
  }
  return ~crc;
}

struct Table {
  std::uint64_t generation = 0;
  std::map<std::string, int, std::less<>> pages;
};

Result<Table> decode(ByteView slot) {
  const Error damaged = fail(ErrorCode::Corrupt, "a slot of the name table is damaged");
  ByteReader in(slot);
  if (in.u32() != kMagic) return damaged;
  const std::uint8_t version = in.u8();
  Table out;
  out.generation = in.u64();
  const std::uint16_t count = in.u16();
  std::set<int> taken;
  for (int i = 0; i < count && in.ok(); ++i) {
    const int page = in.u16();
    const std::string name(in.text(kNameSizeMax));
    const bool fresh = out.pages.emplace(name, page).second && taken.insert(page).second;
    if (!fresh || !check_store_name(name).ok()) return damaged;
  }
  const std::size_t size = in.position();
  if (in.u64() != checksum(slot.first(size)) || !in.ok()) return damaged;
  if (version != kVersion) return fail(ErrorCode::Newer, "a later version of the name table");
  return out;
}

}  // namespace

// The handle stays open in the pool; closing gives the name back.
class PooledPageStore::File final : public StoreFile {
 public:
  File(PooledPageStore& store, std::string name, StoreFile& page)
      : store_(store), name_(std::move(name)), page_(page) {}
  ~File() override { store_.names_.find(name_)->second.open = false; }

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    return page_.read(offset, out);
  }
  Status write(std::uint64_t offset, ByteView bytes) override { return page_.write(offset, bytes); }
  Status truncate(std::uint64_t size) override { return page_.truncate(size); }
  Result<std::uint64_t> size() override { return page_.size(); }
  Status sync() override { return page_.sync(); }

 private:
  PooledPageStore& store_;
  std::string name_;
  StoreFile& page_;
};

Result<std::unique_ptr<PooledPageStore>> PooledPageStore::mount(HandlePool& pool) {
  std::unique_ptr<PooledPageStore> store(new PooledPageStore(pool));
  TRY(store->read_table());
  for (int page = 0; page < pool.pages(); ++page) {
    const auto named = [page](const auto& entry) { return entry.second.page == page; };
    if (std::none_of(store->names_.begin(), store->names_.end(), named)) TRY(store->empty(page));
  }
  pool.report_free(pool.pages() - static_cast<int>(store->names_.size()));
  return store;
}

Status PooledPageStore::read_table() {
  std::optional<Table> newest;
  std::optional<Error> trouble;
  for (const std::uint64_t slot : {0U, 1U}) {
    Bytes bytes(kSlotSize);
    TRY_ASSIGN(const std::size_t got, pool_.table().read(slot * kSlotSize, bytes));
    bytes.resize(got);
    if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; })) continue;
    Result<Table> table = decode(bytes);
    if (!table.ok()) {
      // A later version must not be written over by this one.
      if (!trouble || table.error().code == ErrorCode::Newer) trouble = table.error();
    } else if (!newest || table->generation > newest->generation) {
      newest = std::move(*table);
    }
  }
  if (trouble && trouble->code == ErrorCode::Newer) return *trouble;
  if (!newest) {
    // The very first write may have been torn; then no page holds anything.
    if (trouble && any_page_in_use()) return *trouble;
    return {};
  }
  generation_ = newest->generation;
  for (const auto& [name, page] : newest->pages) {
    if (page >= pool_.pages()) return fail(ErrorCode::Corrupt, "a file of the pool is missing");
    names_[name].page = page;
  }
  return {};
}

bool PooledPageStore::any_page_in_use() {
  for (int page = 0; page < pool_.pages(); ++page) {
    const auto size = pool_.page(page).size();
    if (!size.ok() || *size > 0) return true;
  }
  return false;
}

Status PooledPageStore::write_table(const Names& names) {
  ByteWriter out;
  out.u32(kMagic);
  out.u8(kVersion);
  out.u64(generation_ + 1);
  out.u16(static_cast<std::uint16_t>(names.size()));
  for (const auto& [name, entry] : names) {
    out.u16(static_cast<std::uint16_t>(entry.page));
    out.block(name);
  }
  out.u64(checksum(out.view()));
  if (out.size() > kSlotSize) return fail(ErrorCode::TooLarge, "the name table is full");
  const std::uint64_t slot = (generation_ + 1) % 2;
  TRY(pool_.table().write(slot * kSlotSize, out.view()));
  TRY(pool_.table().sync());
  ++generation_;
  return {};
}

Status PooledPageStore::adopt(Names names) {
  TRY(write_table(names));
  names_ = std::move(names);
  pool_.report_free(pool_.pages() - static_cast<int>(names_.size()));
  return {};
}

int PooledPageStore::free_page() const {
  for (int page = 0; page < pool_.pages(); ++page) {
    const auto named = [page](const auto& entry) { return entry.second.page == page; };
    if (std::none_of(names_.begin(), names_.end(), named)) return page;
  }
  return -1;
}

Status PooledPageStore::empty(int page) {
  TRY_ASSIGN(const std::uint64_t size, pool_.page(page).size());
  if (size == 0) return {};
  TRY(pool_.page(page).truncate(0));
  return pool_.page(page).sync();
}

Result<std::unique_ptr<StoreFile>> PooledPageStore::open(std::string_view name, OpenMode mode) {
  TRY(check_store_name(name));
  auto found = names_.find(name);
  if (found == names_.end()) {
    if (mode == OpenMode::Existing) return fail(ErrorCode::NotFound, std::string(name));
    const int page = free_page();
    if (page < 0) return fail(ErrorCode::Unavailable, "no open file is free at the moment");
    TRY(empty(page));
    Names names = names_;
    names[std::string(name)].page = page;
    TRY(adopt(std::move(names)));
    found = names_.find(name);
  }
  if (found->second.open) return fail(ErrorCode::Locked, std::string(name) + " is open");
  found->second.open = true;
  return std::unique_ptr<StoreFile>(
      std::make_unique<File>(*this, std::string(name), pool_.page(found->second.page)));
}

Result<bool> PooledPageStore::exists(std::string_view name) {
  TRY(check_store_name(name));
  return names_.find(name) != names_.end();
}

Result<PooledPageStore::Names::const_iterator> PooledPageStore::closed(
    std::string_view name) const {
  TRY(check_store_name(name));
  const auto found = names_.find(name);
  if (found == names_.end()) return fail(ErrorCode::NotFound, std::string(name));
  if (found->second.open) return fail(ErrorCode::Locked, std::string(name) + " is open");
  return found;
}

Status PooledPageStore::remove(std::string_view name) {
  TRY_ASSIGN(const auto found, closed(name));
  const int page = found->second.page;
  Names names = names_;
  names.erase(found->first);
  TRY(adopt(std::move(names)));
  return empty(page);
}

Status PooledPageStore::replace(std::string_view from, std::string_view to) {
  TRY_ASSIGN(const auto source, closed(from));
  const auto target = closed(to);
  if (!target.ok() && target.error().code != ErrorCode::NotFound) return target.error();
  if (from == to) return {};
  const int freed = target.ok() ? (*target)->second.page : -1;
  Names names = names_;
  names[std::string(to)].page = source->second.page;
  names.erase(source->first);
  TRY(adopt(std::move(names)));
  if (freed >= 0) TRY(empty(freed));
  return {};
}

Result<std::vector<std::string>> PooledPageStore::list() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : names_) names.push_back(name);
  return names;
}

}  // namespace banyan
