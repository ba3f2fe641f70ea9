#include "sync-server/import/store_target.h"

#include "shared/storage/server_store.h"

namespace banyan {

Result<StoreImportTarget> StoreImportTarget::open(ServerStore& store) {
  TRY(ImportKeys(store.database()).create());
  return StoreImportTarget(store);
}

Result<std::vector<ImportKey>> StoreImportTarget::keys(std::string_view source) {
  return ImportKeys(store_->database()).all(source);
}

RowId StoreImportTarget::mint() { return store_->mint(kImportDevice); }

// Keys and commits together or not at all: the keys lie in a savepoint around
// the commits, so that either failing takes both back.
Status StoreImportTarget::write(std::string_view source, std::span<const Draft> drafts,
                                std::span<const ImportKey> keys) {
  Database& db = store_->database();
  TRY(store_->begin_group());
  const auto both = [&]() -> Status {
    TRY(db.exec("SAVEPOINT import_batch"));
    TRY(ImportKeys(db).put(source, keys));
    TRY(store_->author(kImportDevice, drafts));
    return db.exec("RELEASE import_batch");
  };
  const Status written = both();
  if (!written && !db.autocommit()) {
    TRY(db.exec("ROLLBACK TO import_batch"));
    TRY(db.exec("RELEASE import_batch"));
  }
  const Status committed = store_->commit_group();
  return written ? committed : written;
}

}  // namespace banyan
