// An ImportTarget over the server's store: commits of device 0.
#pragma once

#include "sync-server/import/target.h"

namespace banyan {

class ServerStore;

class StoreImportTarget final : public ImportTarget {
 public:
  // `store` must outlive this object.
  explicit StoreImportTarget(ServerStore& store) : store_(store) {}

  Result<std::vector<ImportKey>> keys(std::string_view source) override;
  RowId mint() override;
  Status write(std::string_view source, std::span<const Draft> drafts,
               std::span<const ImportKey> keys) override;

 private:
  ServerStore& store_;
};

}  // namespace banyan
