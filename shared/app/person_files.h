// The files that belong to one person on this device:
//   NAME.who   the name plate: readable without a key
//   NAME.key   the keyring (crypto/KEYRING.md)
//   NAME.db, NAME.db-wal   the encrypted database
#pragma once

#include <string>
#include <vector>

#include "shared/platform/page_store.h"

namespace banyan {

// A person who has a database on this device. Readable without a key, so it
// holds no more than a name plate does.
struct Person {
  std::string file;  // NAME above
  std::string name, role, branch, organisation;
  std::uint64_t unsent = 0;  // commits not yet received when the session last closed
  bool operator==(const Person&) const = default;
};

// In the order of their files. A name plate that cannot be read still counts:
// its person is shown without a name, so that the data stays reachable.
Result<std::vector<Person>> read_people(PageStore& store);
Status write_person(PageStore& store, const Person& person);
// A NAME that no file on the device begins with.
Result<std::string> free_name(PageStore& store);
std::string database_name(const Person& person);
std::string keyring_name(const Person& person);

}  // namespace banyan
