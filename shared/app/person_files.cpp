#include "shared/app/person_files.h"

#include <algorithm>

namespace banyan {

namespace {

constexpr std::uint8_t kPlateVersion = 0;
constexpr std::size_t kPlateBytesMax = 4096;
constexpr std::size_t kTextBytesMax = 512;
constexpr std::string_view kPlate = ".who";
constexpr std::string_view kKey = ".key";

Result<Person> decode_plate(std::string file, ByteView bytes) {
  ByteReader in(bytes);
  Person person;
  person.file = std::move(file);
  if (in.u8() != kPlateVersion) return fail(ErrorCode::Newer, "name plate of another version");
  person.name = in.text(kTextBytesMax);
  person.role = in.text(kTextBytesMax);
  person.branch = in.text(kTextBytesMax);
  person.organisation = in.text(kTextBytesMax);
  person.unsent = in.varint();
  TRY(in.finish("name plate"));
  return person;
}

}  // namespace

Result<std::vector<Person>> read_people(PageStore& store) {
  TRY_ASSIGN(const std::vector<std::string> names, store.list());
  std::vector<Person> people;
  for (const std::string& name : names) {
    if (!name.ends_with(kKey)) continue;
    std::string file = name.substr(0, name.size() - kKey.size());
    const Result<Bytes> plate = read_file(store, file + std::string(kPlate), kPlateBytesMax);
    Result<Person> person = plate.ok() ? decode_plate(file, *plate) : Result<Person>(plate.error());
    if (person.ok()) {
      people.push_back(std::move(person).value());
    } else {
      people.push_back(Person{std::move(file), {}, {}, {}, {}, 0});
    }
  }
  return people;
}

Status write_person(PageStore& store, const Person& person) {
  ByteWriter out;
  out.u8(kPlateVersion);
  out.block(person.name);
  out.block(person.role);
  out.block(person.branch);
  out.block(person.organisation);
  out.varint(person.unsent);
  return write_file(store, person.file + std::string(kPlate), out.view());
}

Result<std::string> free_name(PageStore& store) {
  TRY_ASSIGN(const std::vector<std::string> names, store.list());
  for (int n = 1;; ++n) {
    const std::string name = "p" + std::to_string(n);
    const bool taken = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
      return other.starts_with(name + ".");
    });
    if (!taken) return name;
  }
}

std::string database_name(const Person& person) { return person.file + ".db"; }

std::string keyring_name(const Person& person) { return person.file + std::string(kKey); }

}  // namespace banyan
