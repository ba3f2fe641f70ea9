#include "shared/platform/page_store.h"

#include <algorithm>

namespace banyan {

Status check_store_name(std::string_view name) {
  constexpr std::size_t kSizeMax = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  const bool good = !name.empty() && name.size() <= kSizeMax && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), allowed);
  if (!good) return fail(ErrorCode::Invalid, "not a name for a stored file");
  return {};
}

Result<Bytes> read_file(PageStore& store, std::string_view name, std::size_t size_max) {
  TRY_ASSIGN(const auto file, store.open(name, OpenMode::Existing));
  TRY_ASSIGN(const std::uint64_t size, file->size());
  if (size > size_max) return fail(ErrorCode::TooLarge, std::string(name) + " is too large");
  Bytes out(static_cast<std::size_t>(size));
  TRY_ASSIGN(const std::size_t got, file->read(0, out));
  if (got != out.size())
    return fail(ErrorCode::Io, std::string(name) + " shrank while it was read");
  return out;
}

Status write_file(PageStore& store, std::string_view name, ByteView bytes) {
  const std::string fresh = std::string(name) + ".new";
  {
    TRY_ASSIGN(const auto file, store.open(fresh, OpenMode::Create));
    TRY(file->truncate(0));
    TRY(file->write(0, bytes));
    TRY(file->sync());
  }
  return store.replace(fresh, name);
}

}  // namespace banyan
