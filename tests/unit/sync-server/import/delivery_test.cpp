// What happens to a delivery that is not as it should be, on a small one.
#include <doctest/doctest.h>
#include <zlib.h>

#include <set>

#include "sync-server/import/import.h"
#include "sync-server/import/line_table.h"
#include "tests/support/memory_import_target.h"
#include "tests/support/shipped_packs.h"
#include "tests/support/small_bank.h"

namespace banyan {
namespace {

using test::packs;

ImportReport load(ImportTarget& target, const test::SmallDelivery& delivery,
                  const ImportOptions& options = {}) {
  auto report = import_berka(target, packs(), delivery.dir(), options);
  REQUIRE_MESSAGE(report.ok(), report.error().detail);
  return std::move(*report);
}

std::size_t rows(const test::MemoryImportTarget& target, const char* entity) {
  return target.rows_of(packs().entity(entity)->no).size();
}

Value cell(const test::MemoryImportTarget& target, const char* entity, const char* key_field,
           const Value& key, const char* wanted) {
  const Entity& e = *packs().entity(entity);
  for (const auto& [id, row] : target.rows_of(e.no)) {
    const auto found = row.find(e.field(key_field)->no);
    if (found == row.end() || found->second != key) continue;
    const auto cell = row.find(e.field(wanted)->no);
    return cell == row.end() ? Value{} : cell->second;
  }
  FAIL("no such row of " << entity);
  return {};
}

TEST_CASE("loading the same delivery twice changes nothing, and says so") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  const ImportReport first = load(target, delivery);
  CHECK(first.rows_new > 0);
  CHECK(!first.changed_nothing());
  const std::size_t drafts = target.drafts.size();

  const ImportReport second = load(target, delivery);
  CHECK(second.changed_nothing());
  CHECK(second.rows_same == first.rows_new);
  CHECK(second.commits == 0);
  CHECK(target.drafts.size() == drafts);
  CHECK(to_text(second).find("nothing has changed") != std::string::npos);
}

TEST_CASE("a changed row writes only the cells that the source changed") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  load(target, delivery);
  delivery.replace("loan.asc", "\"C\"", "\"D\"");
  const std::size_t drafts = target.drafts.size();
  const ImportReport report = load(target, delivery);
  CHECK(report.rows_new == 0);
  CHECK(report.rows_changed == 1);
  REQUIRE(target.drafts.size() == drafts + 1);
  const RowWrite& write = target.drafts.back().rows.at(0);
  CHECK(write.op == Op::Update);
  REQUIRE(write.cells.size() == 1);
  const Field* status = packs().entity("account")->field("status");
  CHECK(write.cells[0].field == status->no);
  CHECK(int_of(write.cells[0].value) == status->choice("overdue")->no);
}

TEST_CASE("a line that cannot be read goes to the rejects with its number; the others load") {
  test::SmallDelivery delivery;
  const std::string rejects = (delivery.dir() / "rejects.csv").string();
  delivery.append("trans.asc", "5;11;931301;\"PRIJEM\";\"VKLAD\";5.00;905.00;\"\";;");
  delivery.append("trans.asc", "6;11;930103;\"PRIJEM\";\"VKLAD\";5.00;905.00;\"\";;;");
  delivery.append("trans.asc", "7;11;930103;\"PRIJEM;\"VKLAD\";5.00;905.00;\"\";;");
  delivery.append("trans.asc", "8;99;930103;\"PRIJEM\";\"VKLAD\";5.00;905.00;\"\";;");
  delivery.append("client.asc", "4;\"701399\";1");
  test::MemoryImportTarget target;
  ImportOptions options;
  options.reject_file = rejects;
  const ImportReport report = load(target, delivery, options);
  CHECK(!report.stopped);
  REQUIRE(report.rejects.size() == 5);
  CHECK(rows(target, "txn") == 4);
  CHECK(rows(target, "customer") == 3);

  std::ifstream in(rejects);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  CHECK(text.find("trans.asc;6;date is no date") != std::string::npos);
  CHECK(text.find("trans.asc;7;too many fields") != std::string::npos);
  CHECK(text.find("trans.asc;8;text after a closing quote") != std::string::npos);
  CHECK(text.find("trans.asc;9;account_id leads to no accepted account") != std::string::npos);
  CHECK(text.find("client.asc;5;birth_number holds no date") != std::string::npos);
  for (const FileTotals& f : report.files) CHECK(f.read == f.accepted + f.rejected);
}

TEST_CASE("a reject takes with it what leads to it, and nothing else") {
  test::SmallDelivery delivery;
  delivery.replace("disp.asc", "2;2;11;\"OWNER\"", "2;2;11;\"OWNR\"");
  test::MemoryImportTarget target;
  const ImportReport report = load(target, delivery);
  CHECK(!report.stopped);
  CHECK(report.rejects.size() == 3);  // the disposition, its account, that account's movement
  CHECK(rows(target, "txn") == 3);
  CHECK(rows(target, "customer") == 3);
}

TEST_CASE("an amount that does not fit the balances stops the load before a row is written") {
  test::SmallDelivery delivery;
  delivery.replace("trans.asc", "1000.00;1700.00", "1100.00;1700.00");
  test::MemoryImportTarget target;
  const ImportReport report = load(target, delivery);
  CHECK(report.stopped);
  REQUIRE(report.mismatches.size() == 1);
  CHECK(report.mismatches[0].name == "account 10 closing balance");
  CHECK(target.drafts.empty());
  CHECK(target.key_count("berka") == 0);
  CHECK(to_text(report).find("STOPPED") != std::string::npos);
}

TEST_CASE("control totals of the delivering system are compared; one that differs stops") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  SUBCASE("they agree") {
    delivery.write("control.csv", "file;rows;in;out\ntrans.asc;4;2600.00;200.00\nclient.asc;3;;\n");
    const ImportReport report = load(target, delivery);
    CHECK(!report.stopped);
    CHECK(report.controls_checked == 2 + 4);
  }
  SUBCASE("a row is missing") {
    delivery.write("control.csv", "file;rows;in;out\ntrans.asc;5;2600.00;200.00\n");
    CHECK(load(target, delivery).stopped);
    CHECK(target.drafts.empty());
  }
  SUBCASE("an amount is missing") {
    delivery.write("control.csv", "file;rows;in;out\ntrans.asc;4;2600.10;200.00\n");
    CHECK(load(target, delivery).stopped);
    CHECK(target.drafts.empty());
  }
  SUBCASE("a file is missing") {
    delivery.write("control.csv", "file;rows;in;out\ntrans_2.asc;4;;\n");
    CHECK(load(target, delivery).stopped);
  }
}

TEST_CASE("a dry run counts the same and writes nothing") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget dry, wet;
  ImportOptions options;
  options.dry_run = true;
  const ImportReport tried = load(dry, delivery, options);
  const ImportReport done = load(wet, delivery);
  CHECK(tried.rows_new == done.rows_new);
  CHECK(tried.commits == done.commits);
  CHECK(dry.writes == 0);
}

TEST_CASE("a load that fails in the middle is finished by the next one, with no row twice") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  target.fail_at_write = 1;
  CHECK(import_berka(target, packs(), delivery.dir()).error().code == ErrorCode::StorageFull);
  load(target, delivery);
  CHECK(rows(target, "customer") == 3);
  CHECK(rows(target, "txn") == 4);
}

TEST_CASE("a fact that comes back with other figures is rejected: facts do not change") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  load(target, delivery);
  delivery.replace("trans.asc", "\"DUCHOD\"", "\"SIPO\"");
  const ImportReport report = load(target, delivery);
  CHECK(report.changed_nothing());
  REQUIRE(report.rejects.size() == 1);
  CHECK(report.rejects[0].line == 4);
}

TEST_CASE("gzip is read as it is; one that was cut short is an error, not a shorter file") {
  test::SmallDelivery delivery;
  std::ifstream in(delivery.dir() / "trans.asc", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  in.close();
  std::filesystem::remove(delivery.dir() / "trans.asc");
  const std::string path = (delivery.dir() / "trans.asc.gz").string();
  gzFile out = gzopen(path.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);

  test::MemoryImportTarget target;
  load(target, delivery);
  CHECK(rows(target, "txn") == 4);

  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 12);
  CHECK(import_berka(target, packs(), delivery.dir()).error().code == ErrorCode::Corrupt);
}

TEST_CASE("a folder without a file, and a file without its columns, are named") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  SUBCASE("no card.asc") {
    std::filesystem::remove(delivery.dir() / "card.asc");
    const auto report = import_berka(target, packs(), delivery.dir());
    CHECK(report.error().code == ErrorCode::NotFound);
    CHECK(report.error().detail.find("card.asc") != std::string::npos);
  }
  SUBCASE("client.asc is something else") {
    delivery.write("client.asc", "id;name\n1;x\n");
    const auto report = import_berka(target, packs(), delivery.dir());
    CHECK(report.error().code == ErrorCode::Invalid);
    CHECK(report.error().detail.find("no column client_id") != std::string::npos);
  }
}

TEST_CASE("a client's cells say what the files say") {
  test::SmallDelivery delivery;
  test::MemoryImportTarget target;
  load(target, delivery);
  const auto of = [&](const char* no, const char* field) {
    return cell(target, "customer", "customer_no", std::string(no), field);
  };
  const Field* gender = packs().entity("customer")->field("gender");
  CHECK(int_of(of("00001", "gender")) == gender->choice("female")->no);
  CHECK(int_of(of("00001", "birth_date")) == *parse_day("701213"));
  CHECK(int_of(of("00002", "gender")) == gender->choice("male")->no);
  CHECK(int_of(of("00001", "assets")) == 150'000);
  // 24 instalments of 1,000 from February 1998; eleven were due by the year's end.
  CHECK(int_of(of("00001", "loans")) == 1'300'000);
  CHECK(int_of(cell(target, "account", "number", std::string("10"), "balance")) == 150'000);
}

TEST_CASE("the seed decides which officer has a customer, and nothing else does") {
  const auto owner = [](std::uint64_t seed) {
    test::SmallDelivery delivery;
    for (int i = 4; i < 300; ++i)
      delivery.append("client.asc", std::to_string(i) + ";\"450204\";1");
    test::MemoryImportTarget target;
    ImportOptions options;
    options.seed = seed;
    load(target, delivery, options);
    std::vector<RowId> owners;
    for (int i = 4; i < 300; ++i) {
      const std::string no = std::string(i < 10    ? "0000"
                                         : i < 100 ? "000"
                                                   : "00") +
                             std::to_string(i);
      owners.push_back(row_of(cell(target, "customer", "customer_no", no, "owner")));
    }
    return owners;
  };
  const std::vector<RowId> one = owner(1);
  CHECK(one == owner(1));
  CHECK(one != owner(2));
  CHECK(std::set<RowId>(one.begin(), one.end()).size() == 3);  // 299 clients, 120 an officer
}

TEST_CASE("fields are read strictly") {
  CHECK(parse_minor("-5446.60") == -544'660);
  CHECK(parse_minor("700") == 70'000);
  CHECK(parse_minor("0.1") == 10);
  for (const char* bad : {"", "-", "1.", ".5", "1.234", "1,5", "1e3", " 1", "+1", "--1"}) {
    CAPTURE(bad);
    CHECK(!parse_minor(bad));
  }
  CHECK(parse_day("930101") == 8401);
  CHECK(parse_day("1994-03-31") == 8855);
  for (const char* bad : {"930229", "19940331", "1994-3-31", "93010", "abcdef", "1994/03/31"}) {
    CAPTURE(bad);
    CHECK(!parse_day(bad));
  }
}

}  // namespace
}  // namespace banyan
