// An ImportTarget that keeps everything in memory: for the tests of importers.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "shared/base/check.h"
#include "sync-server/import/target.h"

namespace banyan::test {

class MemoryImportTarget final : public ImportTarget {
 public:
  explicit MemoryImportTarget(std::uint32_t salt = 1) : minter_(kImportDevice, salt) {}

  Result<std::vector<ImportKey>> keys(std::string_view source) override {
    std::vector<ImportKey> out;
    for (const auto& [key, value] : keys_[std::string(source)]) out.push_back(value);
    return out;
  }
  RowId mint() override { return minter_.next(); }
  Status write(std::string_view source, std::span<const Draft> written,
               std::span<const ImportKey> keys) override {
    ++writes;
    if (writes == fail_at_write) return fail(ErrorCode::StorageFull, "as the test asked");
    drafts.insert(drafts.end(), written.begin(), written.end());
    for (const ImportKey& key : keys) keys_[std::string(source)][key.key] = key;
    return {};
  }

  std::size_t key_count(const std::string& source) { return keys_[source].size(); }
  // Every row written, by id, with all its cells so far.
  std::unordered_map<std::int64_t, std::map<std::uint32_t, Value>> rows_of(
      std::uint32_t entity) const {
    std::unordered_map<std::int64_t, std::map<std::uint32_t, Value>> rows;
    for (const Draft& draft : drafts) {
      for (const RowWrite& write : draft.rows) {
        if (write.entity != entity || write.op == Op::Add) continue;
        auto& row = rows[number(write.row)];
        for (const CellWrite& cell : write.cells) row[cell.field] = cell.value;
      }
    }
    return rows;
  }

  std::vector<Draft> drafts;
  int writes = 0;
  int fail_at_write = 0;  // 0: never

 private:
  RowIdMinter minter_;
  std::map<std::string, std::map<std::string, ImportKey>> keys_;
};

}  // namespace banyan::test
