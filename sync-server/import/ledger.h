// What a source has delivered before: decides for each row whether it is new,
// changed or the same, so that a load may be repeated.
//
// A changed row writes only the cells that the source changed; what staff have
// edited meanwhile in other cells of the row stays theirs.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync-server/import/import.h"
#include "sync-server/import/shape.h"
#include "sync-server/import/target.h"

namespace banyan {

class Ledger {
 public:
  // `target` and `report` must outlive this object. With `report.dry_run` nothing is written.
  static Result<Ledger> open(ImportTarget& target, std::string source, ImportReport& report);

  // The row of this natural key: known from an earlier load, or minted now. What
  // was minted is kept with the next write(), so that a load that stopped in
  // the middle leaves no reference to a row that gets another number later.
  RowId row_of(const std::string& key);

  // Appends to `rows` what must be written so that the row is as delivered:
  // nothing when it is. Counts it in the report. A fact that was delivered
  // differently before is Refused: facts never change.
  Status put(const std::string& key, const Shape& shape, std::initializer_list<Value> values,
             std::vector<RowWrite>& rows);
  Status add(const std::string& key, const SetShape& shape, RowId row, Value element,
             std::vector<RowWrite>& rows);

  // Writes the drafts together with the keys that were put since the last call.
  Status write(std::span<const Draft> drafts);

 private:
  struct Entry {
    RowId row{};
    std::string digest;  // empty: minted for a reference, not delivered yet
  };
  Ledger(ImportTarget& target, std::string source, ImportReport& report)
      : target_(&target), source_(std::move(source)), report_(&report) {}
  void note(const std::string& key, Entry& entry, std::string digest);

  ImportTarget* target_;
  std::string source_;
  ImportReport* report_;
  std::unordered_map<std::string, Entry> entries_;
  std::vector<ImportKey> unwritten_;
  std::vector<std::string> minted_;  // since the last write()
};

// Four bytes for each cell in order of fields, for a fact eight in all. A
// changed delivery is found; nobody is kept from lying.
std::string digest_of(const std::vector<CellWrite>& cells, bool fact);

}  // namespace banyan
