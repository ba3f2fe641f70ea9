// A bank's data folder, opened: keys, packs, database, store.
//
//   DIR/bank.db             the log, the state, the feed
//   DIR/organisation.json   number and name, made at the first start
//   DIR/keys/               keys.h
//   DIR/packs/              packs.h: every set of packs that was ever in use
//   DIR/codes/              enrol_codes.h
//   DIR/chunks/             chunk_store.h
//   DIR/parcels/            parcel_box.h
//   DIR/orders/             orders.h
//   DIR/tls/                authority.h
//   DIR/backup.json         how far the newest verified backup reaches
//   DIR/demo.json           who can log in, when this is a demo bank
//   DIR/lock                held by the process that writes
//
// With a store in PostgreSQL any number of processes serve the bank, each from a data folder of
// its own with the same organisation.json and keys/; there is no bank.db and no codes/, and
// packs/ follows the database.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "shared/platform/clock.h"
#include "shared/platform/random.h"
#include "shared/storage/database.h"
#include "shared/storage/expressions.h"
#include "shared/storage/server_store.h"
#include "sync-server/host/enrol_codes.h"
#include "sync-server/host/files.h"
#include "sync-server/host/keys.h"
#include "sync-server/host/packs.h"
#include "sync-server/host/settings.h"
#include "sync-server/postgres/shelf.h"

namespace banyan::server {

inline constexpr const char* kDemoFile = "demo.json";

struct Organisation {
  std::uint32_t number = 0;
  std::string name;
};

class Bank {
 public:
  enum class Use {
    Write,  // the only writer; Locked when there is another one
    Look,   // beside a running server
  };
  // Look: NotFound when there is no bank yet.
  static Result<std::unique_ptr<Bank>> open(const BankSettings& settings, Use use);

  const std::filesystem::path& folder() const { return folder_; }
  // Made by `demo`: its people and customers do not exist.
  bool demo() const { return std::filesystem::exists(folder_ / kDemoFile); }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  const Keys& keys() const { return keys_; }
  const Organisation& organisation() const { return organisation_; }
  const InstalledPacks& packs() const { return packs_; }
  Database& database();  // under the store; asserts that it is SQLite: shelf() is null
  ServerStore& store() { return *store_; }
  // What processes share beside the store; null when it is SQLite.
  postgres::Shelf* shelf() { return shelf_.get(); }
  EnrolCodes codes();

  // The staff row of a number; NotFound.
  Result<RowId> staff(const std::string& staff_no);
  struct Person {
    std::string name, staff_no, role;
    RowId branch{};
    bool active = false;
    bool sees_all = false;  // a role of headquarters
  };
  Result<Person> person(RowId staff);

  // Folds the log into the file before the folder is left.
  Status close();

 private:
  Status open_sqlite();
  Status open_postgres(const std::string& url);
  Status install_shared_packs(const std::filesystem::path& folder);
  Bank(std::filesystem::path folder, Keys keys)
      : folder_(std::move(folder)), keys_(std::move(keys)) {}

  std::filesystem::path folder_;
  SystemClock clock_;
  SystemRandom random_;
  FileHandle lock_;
  Keys keys_;
  Organisation organisation_;
  std::unique_ptr<Expressions> expressions_;
  InstalledPacks packs_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<postgres::Shelf> shelf_;
  std::unique_ptr<ServerStore> store_;
};

// Whether `url` names a PostgreSQL; Invalid for another kind of store.
Result<bool> is_postgres(const std::string& url);

std::filesystem::path database_path(const std::filesystem::path& folder);

// DIR/backup.json
struct BackupMark {
  std::uint64_t seq = 0;
  std::uint32_t epoch = 0;
  std::int64_t at_ms = 0;
};
Status write_backup_mark(const std::filesystem::path& folder, const BackupMark& mark);
// Nothing when there was no backup yet.
Result<std::optional<BackupMark>> read_backup_mark(const std::filesystem::path& folder);

}  // namespace banyan::server
