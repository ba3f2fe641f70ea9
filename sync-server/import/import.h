// Loads a core-banking delivery into the server's store as commits of device 0.
//
// Every load is checked against control totals before the first row is written,
// and may be repeated: rows that are already there are not written again.
// BERKA.md beside this file maps the Czech bank's files field by field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "sync-server/import/target.h"

namespace banyan {

class ServerStore;

struct ImportProgress {
  std::string_view step;  // "read", "check", "write"
  std::uint64_t done = 0, all = 0;
};

struct ImportOptions {
  bool dry_run = false;                // reads, checks and counts; writes no row and no key
  std::uint64_t seed = 1;              // gives customers to officers
  std::filesystem::path reject_file;   // empty: no file; the report counts them all the same
  std::filesystem::path control_file;  // empty: "control.csv" in the folder, when it is there
  std::function<void(const ImportProgress&)> progress;
};

// A line that was not loaded. Names no customer, only places.
struct Reject {
  std::string file;
  std::uint64_t line = 0;  // from 1, the header line counts
  std::string reason;
};

struct FileTotals {
  std::string file;
  std::uint64_t read = 0, accepted = 0, rejected = 0;  // rows; read = accepted + rejected
  std::int64_t in_minor = 0, out_minor = 0;            // sums of amounts, where the file has any
};

// Expected against counted. `name` is "trans.asc rows", "account 576 closing".
struct ControlTotal {
  std::string name;
  std::int64_t expected = 0, counted = 0;
};

struct ImportReport {
  std::vector<FileTotals> files;
  std::vector<Reject> rejects;
  std::uint64_t controls_checked = 0;    // comparisons made, the mismatches included
  std::vector<ControlTotal> mismatches;  // any at all: nothing was written
  std::uint64_t accounts_reconciled = 0;
  std::uint64_t accounts_unchecked = 0;  // a rejected line broke the chain of balances
  std::int64_t opening_minor = 0, in_minor = 0, out_minor = 0, closing_minor = 0;
  std::int64_t rounding_minor = 0;  // closing - (opening + in - out): the file's own rounding
  std::uint64_t rows_new = 0, rows_changed = 0, rows_same = 0, commits = 0;
  bool stopped = false;  // by a control total; see `mismatches`
  bool dry_run = false;

  bool changed_nothing() const { return rows_new == 0 && rows_changed == 0; }
};

// Loads the folder `dir` of the Czech bank (account, card, client, disp,
// district, loan, order .asc; every trans*.asc and trans*.csv, .gz too).
// NotFound: a file is missing. Invalid: a file without its header, or a pack
// without a field that the mapping needs. A control total that does not agree
// is no error of this function: the report says `stopped`.
Result<ImportReport> import_berka(ServerStore& store, const Catalogue& catalogue,
                                  const std::filesystem::path& dir,
                                  const ImportOptions& options = {});
Result<ImportReport> import_berka(ImportTarget& target, const Catalogue& catalogue,
                                  const std::filesystem::path& dir,
                                  const ImportOptions& options = {});

// What a person at the console reads: a table of files, then the totals.
std::string to_text(const ImportReport& report);

}  // namespace banyan
