#include "sync-server/import/store_target.h"

#include "shared/storage/server_store.h"

namespace banyan {

Result<std::vector<ImportKey>> StoreImportTarget::keys(std::string_view source) {
  return store_.import_keys(source);
}

RowId StoreImportTarget::mint() { return store_.mint(kImportDevice); }

Status StoreImportTarget::write(std::string_view source, std::span<const Draft> drafts,
                                std::span<const ImportKey> keys) {
  TRY(store_.author(kImportDevice, drafts, source, keys));
  return {};
}

}  // namespace banyan
