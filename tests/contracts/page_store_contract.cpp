#include "tests/contracts/page_store_contract.h"

#include <array>

namespace banyan::test {
namespace {

#define EXPECT(expression)                                                        \
  do {                                                                            \
    if (!(expression)) return fail(ErrorCode::Invalid, "expected: " #expression); \
  } while (false)

template <class T>
bool fails_with(const Result<T>& result, ErrorCode code) {
  return !result.ok() && result.error().code == code;
}

Bytes read_all(StoreFile& file, std::uint64_t offset, std::size_t size) {
  Bytes out(size, 0xEE);
  const auto got = file.read(offset, out);
  out.resize(got.ok() ? *got : 0);
  return out;
}

Status missing_file(PageStore& store) {
  EXPECT(fails_with(store.open("a", OpenMode::Existing), ErrorCode::NotFound));
  EXPECT(fails_with(store.remove("a"), ErrorCode::NotFound));
  EXPECT(fails_with(store.replace("a", "b"), ErrorCode::NotFound));
  EXPECT(!store.exists("a").value());
  EXPECT(store.list().value().empty());
  return {};
}

Status names(PageStore& store) {
  for (const char* bad : {"", ".", "..", "../a", "a/b", "a b", "\xE4\xB8\xAD"}) {
    EXPECT(fails_with(store.open(bad, OpenMode::Create), ErrorCode::Invalid));
    EXPECT(fails_with(store.exists(bad), ErrorCode::Invalid));
    EXPECT(fails_with(store.remove(bad), ErrorCode::Invalid));
  }
  const std::string longest(64, 'n');
  EXPECT(fails_with(store.open(longest + "n", OpenMode::Create), ErrorCode::Invalid));
  EXPECT(store.open(longest, OpenMode::Create).ok());
  EXPECT(store.open("A.z_0-9", OpenMode::Create).ok());
  EXPECT((store.list().value() == std::vector<std::string>{"A.z_0-9", longest}));
  return {};
}

Status bytes_come_back(PageStore& store) {
  {
    TRY_ASSIGN(auto file, store.open("a", OpenMode::Create));
    EXPECT(file->size().value() == 0);
    EXPECT(read_all(*file, 0, 10).empty());
    TRY(file->write(0, as_bytes("hello world")));
    TRY(file->write(6, as_bytes("there")));
    TRY(file->sync());
  }
  TRY_ASSIGN(auto file, store.open("a", OpenMode::Existing));
  EXPECT(as_text(read_all(*file, 0, 100)) == "hello there");
  EXPECT(as_text(read_all(*file, 6, 2)) == "th");
  EXPECT(read_all(*file, 11, 4).empty());
  EXPECT(read_all(*file, 1'000'000, 4).empty());
  EXPECT(file->size().value() == 11);
  return {};
}

Status gaps_are_zeros(PageStore& store) {
  TRY_ASSIGN(auto file, store.open("a", OpenMode::Create));
  TRY(file->write(10'000, as_bytes("x")));
  EXPECT(read_all(*file, 0, 10'000) == Bytes(10'000, 0));
  TRY(file->truncate(20'000));
  EXPECT(file->size().value() == 20'000);
  EXPECT(read_all(*file, 10'001, 9'999) == Bytes(9'999, 0));
  return {};
}

Status truncated_bytes_are_gone(PageStore& store) {
  TRY_ASSIGN(auto file, store.open("a", OpenMode::Create));
  TRY(file->write(0, Bytes(9'000, 7)));
  TRY(file->truncate(5));
  EXPECT(file->size().value() == 5);
  TRY(file->truncate(9'000));
  EXPECT(read_all(*file, 5, 8'995) == Bytes(8'995, 0));
  return {};
}

Status one_owner(PageStore& store) {
  {
    TRY_ASSIGN(const auto file, store.open("a", OpenMode::Create));
    EXPECT(fails_with(store.open("a", OpenMode::Create), ErrorCode::Locked));
    EXPECT(fails_with(store.open("a", OpenMode::Existing), ErrorCode::Locked));
    EXPECT(fails_with(store.remove("a"), ErrorCode::Locked));
    EXPECT(store.exists("a").value());
    TRY_ASSIGN(const auto other, store.open("b", OpenMode::Create));
    EXPECT(fails_with(store.replace("a", "c"), ErrorCode::Locked));
  }
  EXPECT(store.open("a", OpenMode::Existing).ok());
  TRY(store.remove("a"));
  EXPECT(!store.exists("a").value());
  return {};
}

Status replacing(PageStore& store) {
  TRY(write_file(store, "old", as_bytes("old")));
  TRY(write_file(store, "new", as_bytes("new, and longer")));
  {
    TRY_ASSIGN(const auto held, store.open("old", OpenMode::Existing));
    EXPECT(fails_with(store.replace("new", "old"), ErrorCode::Locked));
  }
  TRY(store.replace("new", "old"));
  EXPECT((store.list().value() == std::vector<std::string>{"old"}));
  EXPECT(as_text(read_file(store, "old", 100).value()) == "new, and longer");
  TRY(store.replace("old", "fresh"));
  EXPECT(as_text(read_file(store, "fresh", 100).value()) == "new, and longer");
  return {};
}

Status removed_content_does_not_return(PageStore& store) {
  TRY(write_file(store, "a", Bytes(5'000, 9)));
  TRY(store.remove("a"));
  TRY_ASSIGN(const auto file, store.open("a", OpenMode::Create));
  EXPECT(file->size().value() == 0);
  TRY(file->truncate(5'000));
  EXPECT(read_all(*file, 0, 5'000) == Bytes(5'000, 0));
  return {};
}

Status whole_files(PageStore& store) {
  TRY(write_file(store, "a", as_bytes("one")));
  TRY(write_file(store, "a", as_bytes("2")));
  EXPECT(as_text(read_file(store, "a", 1).value()) == "2");
  EXPECT(fails_with(read_file(store, "a", 0), ErrorCode::TooLarge));
  EXPECT(fails_with(read_file(store, "b", 1), ErrorCode::NotFound));
  return {};
}

constexpr std::array<PageStorePromise, 9> kContract{{
    {"a file that is not there is NotFound", missing_file},
    {"names are short and plain, others are Invalid", names},
    {"bytes come back where they were written", bytes_come_back},
    {"a gap reads as zeros", gaps_are_zeros},
    {"truncated bytes do not come back", truncated_bytes_are_gone},
    {"an open file has one owner, for the second it is Locked", one_owner},
    {"replace puts a file in another one's place", replacing},
    {"a removed file's content does not return under its name", removed_content_does_not_return},
    {"whole files are written anew and read within a limit", whole_files},
}};

}  // namespace

std::span<const PageStorePromise> page_store_contract() { return kContract; }

}  // namespace banyan::test
