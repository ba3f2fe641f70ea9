// The real files of the Czech bank, against the figures of their own description.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "shared/platform/clock.h"
#include "sync-server/import/import.h"
#include "sync-server/import/line_table.h"
#include "tests/support/memory_import_target.h"
#include "tests/support/shipped_packs.h"

namespace banyan {
namespace {

namespace fs = std::filesystem;

// The folder of the data, or an empty path when it is not on this machine.
fs::path berka_folder() {
  const char* set = std::getenv("BANYAN_DATA");
  const fs::path data =
      set != nullptr ? fs::path(set) : fs::path(BANYAN_SOURCE_DIR) / "../shared/data";
  std::error_code error;
  return fs::exists(data / "berka/account.asc", error) ? data / "berka" : fs::path{};
}

using test::packs;

const FileTotals& totals_of(const ImportReport& report, const std::string& start) {
  for (const FileTotals& f : report.files) {
    if (f.file.starts_with(start)) return f;
  }
  FAIL("no file " << start);
  std::abort();
}

std::uint32_t field(const char* entity, const char* name) {
  return packs().entity(entity)->field(name)->no;
}

TEST_CASE("the Czech bank loads with the published number of rows in every file") {
  const fs::path dir = berka_folder();
  if (dir.empty()) {
    MESSAGE("skipped: set BANYAN_DATA to the folder that holds berka/");
    return;
  }
  test::MemoryImportTarget target;
  const auto loaded = import_berka(target, packs(), dir);
  REQUIRE_MESSAGE(loaded.ok(), loaded.error().detail);
  const ImportReport& report = *loaded;
  CHECK(!report.stopped);
  CHECK(report.rejects.empty());
  const std::pair<const char*, std::uint64_t> published[] = {
      {"account.", 4500},   {"client.", 5369},    {"disp.", 5369},   {"order.", 6471},
      {"loan.", 682},       {"card.", 892},       {"district.", 77}, {"trans_1993", 49102},
      {"trans_1994", 3714}, {"trans_loan", 30200}};
  for (const auto& [file, rows] : published) {
    CAPTURE(file);
    CHECK(totals_of(report, file).read == rows);
    CHECK(totals_of(report, file).accepted == rows);
  }

  SUBCASE("every account's balances chain from opening to closing, in all three spellings") {
    CHECK(report.accounts_reconciled == 1606);
    CHECK(report.accounts_unchecked == 0);
    CHECK(report.opening_minor == 0);
    CHECK(report.opening_minor + report.in_minor - report.out_minor + report.rounding_minor ==
          report.closing_minor);
    CHECK(std::abs(report.rounding_minor) < 100'000);  // of 33 million crowns
  }
  SUBCASE("every row is there once, in the aggregate of the account's owner") {
    CHECK(target.rows_of(packs().entity("customer")->no).size() == 5369);
    CHECK(target.rows_of(packs().entity("txn")->no).size() == 83'016);
    CHECK(target.rows_of(packs().entity("standing_order")->no).size() == 6471);
    CHECK(target.rows_of(packs().entity("account")->no).size() == 4500 + 682 + 892);
    CHECK(target.rows_of(packs().entity("relation")->no).size() == 2 * 869);
    CHECK(target.rows_of(packs().entity("branch")->no).size() == 1 + 8 + 77);
  }
  SUBCASE("women are told from men by the month of the birth number") {
    std::size_t women = 0;
    for (const auto& [id, row] : target.rows_of(packs().entity("customer")->no)) {
      const auto gender = row.at(field("customer", "gender"));
      women += int_of(gender) == packs().entity("customer")->field("gender")->choice("female")->no;
    }
    CHECK(women == 2645);
  }
}

}  // namespace
}  // namespace banyan
