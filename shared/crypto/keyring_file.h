// A keyring's two slots in one file of a page store, a sector group apart.
#pragma once

#include <string>

#include "shared/crypto/keyring.h"
#include "shared/platform/page_store.h"

namespace banyan {

class KeyringFile final : public KeyringSlots {
 public:
  // The file is opened for each call and closed after it. `store` must outlive
  // this object.
  KeyringFile(PageStore& store, std::string name) : store_(store), name_(std::move(name)) {}

  Result<Bytes> read(int slot) override;
  Status write(int slot, ByteView bytes) override;
  Status erase() override;

 private:
  PageStore& store_;
  std::string name_;
};

}  // namespace banyan
