#include "shared/crypto/keyring_file.h"

namespace banyan {
namespace {

// No disk tears a write of one slot into the other.
constexpr std::uint64_t kSlotSize = 4096;

std::uint64_t offset_of(int slot) { return static_cast<std::uint64_t>(slot) * kSlotSize; }

bool all_zero(ByteView bytes) {
  for (const std::uint8_t byte : bytes) {
    if (byte != 0) return false;
  }
  return true;
}

}  // namespace

Result<Bytes> KeyringFile::read(int slot) {
  auto file = store_.open(name_, OpenMode::Existing);
  if (!file.ok() && file.error().code == ErrorCode::NotFound) return Bytes{};
  if (!file.ok()) return file.error();
  Bytes bytes(KeyringRecord::kSize);
  TRY_ASSIGN(const std::size_t got, (*file)->read(offset_of(slot), bytes));
  bytes.resize(got);
  if (all_zero(bytes)) bytes.clear();  // the gap before a slot that was written first
  return bytes;
}

Status KeyringFile::write(int slot, ByteView bytes) {
  BANYAN_CHECK(bytes.size() <= kSlotSize);
  TRY_ASSIGN(const auto file, store_.open(name_, OpenMode::Create));
  TRY(file->write(offset_of(slot), bytes));
  return file->sync();
}

Status KeyringFile::erase() {
  {
    auto file = store_.open(name_, OpenMode::Existing);
    if (!file.ok() && file.error().code == ErrorCode::NotFound) return {};
    if (!file.ok()) return file.error();
    TRY((*file)->write(0, Bytes(2 * kSlotSize)));
    TRY((*file)->sync());
    TRY((*file)->truncate(0));
    TRY((*file)->sync());
  }
  return store_.remove(name_);
}

}  // namespace banyan
