// A page store in a folder of the file system (POSIX).
#pragma once

#include <memory>
#include <string>

#include "shared/platform/page_store.h"

namespace banyan {

class FilePageStore final : public PageStore {
 public:
  // Makes the folder when it is missing (its parent must be there), readable
  // by its owner only. Io when that fails.
  static Result<std::unique_ptr<FilePageStore>> at(std::string folder);

  ~FilePageStore() override;
  FilePageStore(const FilePageStore&) = delete;
  FilePageStore& operator=(const FilePageStore&) = delete;

  // A file that another process has open is Locked, too.
  Result<std::unique_ptr<StoreFile>> open(std::string_view name, OpenMode mode) override;
  Result<bool> exists(std::string_view name) override;
  Status remove(std::string_view name) override;
  Status replace(std::string_view from, std::string_view to) override;
  Result<std::vector<std::string>> list() override;

 private:
  FilePageStore(std::string folder, int descriptor)
      : folder_(std::move(folder)), descriptor_(descriptor) {}
  Status sync_folder();
  Status check_closed(const std::string& name);  // NotFound, Locked

  std::string folder_;
  int descriptor_;  // of the folder; every name is opened relative to it
};

}  // namespace banyan
