// Edges between customers, which their author writes in the one that he holds, and mirrors,
// which the server writes in the other.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/sync_pair.h"

namespace banyan::test {
namespace {

const Entity& tie() { return *bank().entity(kTie); }

// Two customers, each known to one officer only, and headquarters.
struct TwoCustomers {
  TwoCustomers()
      : other(pair.create(kCustomer,
                          {cell(kName, std::string("Wang")), cell(kOwner, pair.colleague)})),
        officer(pair.enrol(pair.officer)),
        colleague(pair.enrol(pair.colleague)) {
    REQUIRE(pair.sync(*officer));
    REQUIRE(pair.sync(*colleague));
    edge = officer->replica->mint();
  }
  Draft draft(Op op, std::vector<CellWrite> cells = {}) const {
    return {pair.customer, 0, {row_write(kTie, op, edge, std::move(cells))}};
  }
  // The officer writes, and both have heard of it.
  void write(Op op, std::vector<CellWrite> cells = {}) {
    REQUIRE(officer->replica->write(draft(op, std::move(cells))));
    everybody();
  }
  void everybody() {
    REQUIRE(pair.sync(*officer));
    REQUIRE(pair.sync(*colleague));
  }
  void tie_them() {
    write(Op::Insert, {cell(kTieTo, other), cell(kTieKind, kGuarantor),
                       cell(kTieNote, std::string("between us"))});
  }
  // Ties in that customer's aggregate at the server that are not deleted.
  std::vector<Row> ties_of(RowId customer) {
    std::vector<Row> out;
    Statement find =
        pair.server_db->statement("SELECT id FROM tie WHERE _agg=?1 AND _dead=0").value();
    find.bind(1, customer);
    while (find.step().value()) out.push_back(pair.store->load(tie(), find.row_id(0)).value());
    return out;
  }

  SyncPair pair;
  RowId other{}, edge{};
  std::unique_ptr<TestDevice> officer, colleague;
};

}  // namespace

TEST_CASE("an edge gets one mirror in the other customer, with what the pack lets it repeat") {
  TwoCustomers t;
  t.tie_them();
  const std::vector<Row> mirrors = t.ties_of(t.other);
  REQUIRE(mirrors.size() == 1);
  const Row& mirror = mirrors.front();
  CHECK(row_of(mirror.cell(kTieOf)) == t.edge);
  CHECK(row_of(mirror.cell(kTieTo)) == t.pair.customer);
  CHECK(int_of(mirror.cell(kTieKind)) == kGuaranteed);  // seen from the other side
  CHECK(is_null(mirror.cell(kTieNote)));
  CHECK(t.ties_of(t.pair.customer).size() == 1);
  // It reaches who holds the other one, who still does not see the first.
  CHECK(t.colleague->replica->load(tie(), mirror.id)->alive());
  CHECK(!t.colleague->replica->load(tie(), t.edge)->exists);
  CHECK(!t.colleague->replica->load(*bank().entity(kCustomer), t.pair.customer)->exists);
  CHECK(!t.officer->replica->load(tie(), mirror.id)->exists);
  CHECK(t.pair.store->verify_log().ok());
}

TEST_CASE("a mirror follows its edge: changes, deletion, and back") {
  TwoCustomers t;
  t.tie_them();
  const RowId mirror = t.ties_of(t.other).front().id;
  const auto shown = [&] { return t.colleague->replica->load(tie(), mirror).value(); };

  t.write(Op::Update, {cell(kTieKind, kSpouse)});
  CHECK(int_of(shown().cell(kTieKind)) == kSpouse);

  const std::uint64_t before = t.pair.store->head();
  t.write(Op::Update, {cell(kTieNote, std::string("our own"))});
  CHECK(t.pair.store->head() == before + 1);  // nothing for the mirror to say

  t.write(Op::Delete);
  CHECK(!shown().alive());
  t.write(Op::Undelete);
  CHECK(shown().alive());
  t.write(Op::Update, {cell(kTieKind, kGuaranteed)});
  CHECK(int_of(shown().cell(kTieKind)) == kGuarantor);
  CHECK(t.ties_of(t.other).size() == 1);
}

TEST_CASE("an edge that names somebody else leaves the one and reaches the other") {
  TwoCustomers t;
  t.tie_them();
  const RowId third =
      t.pair.create(kCustomer, {cell(kName, std::string("Zhao")), cell(kOwner, t.pair.colleague)});
  t.write(Op::Update, {cell(kTieTo, third)});
  CHECK(t.ties_of(t.other).empty());
  CHECK(t.ties_of(third).size() == 1);
  t.write(Op::Update, {cell(kTieTo, t.other)});
  CHECK(t.ties_of(third).empty());
  CHECK(t.ties_of(t.other).size() == 1);
  t.write(Op::Update, {cell(kTieTo, Value{})});
  CHECK(t.ties_of(t.other).empty());
  t.write(Op::Update, {cell(kTieTo, t.pair.customer)});  // to himself: no mirror
  CHECK(t.ties_of(t.pair.customer).size() == 1);
  t.write(Op::Update, {cell(kTieTo, t.other)});
  CHECK(t.ties_of(t.other).size() == 1);
}

TEST_CASE("nobody but the server writes a mirror") {
  TwoCustomers t;
  t.tie_them();
  const RowId mirror = t.ties_of(t.other).front().id;
  for (const Op op : {Op::Update, Op::Delete}) {
    const Draft draft{t.other,
                      0,
                      {row_write(kTie, op, mirror,
                                 op == Op::Update ? std::vector{cell(kTieKind, kSpouse)}
                                                  : std::vector<CellWrite>{})}};
    const auto written = t.colleague->replica->write(draft);
    REQUIRE(!written.ok());
    CHECK(written.error().code == ErrorCode::Invalid);
  }
  const Draft forged{t.other,
                     0,
                     {row_write(kTie, Op::Insert, t.colleague->replica->mint(),
                                {cell(kTieTo, t.pair.customer), cell(kTieOf, t.edge)})}};
  CHECK(!t.colleague->replica->write(forged).ok());
}

TEST_CASE("an edge to a customer that is not here yet gets its mirror when he comes") {
  TwoCustomers t;
  const RowId later = t.colleague->replica->mint();
  t.write(Op::Insert, {cell(kTieTo, later), cell(kTieKind, kSpouse)});
  CHECK(t.ties_of(later).empty());
  REQUIRE(t.colleague->replica->write(
      Draft{later,
            0,
            {row_write(kCustomer, Op::Insert, later,
                       {cell(kName, std::string("Sun")), cell(kOwner, t.pair.colleague)})}}));
  t.everybody();
  CHECK(t.ties_of(later).size() == 1);
  t.everybody();
  CHECK(t.colleague->replica->load(tie(), t.ties_of(later).front().id)->alive());
}

TEST_CASE("after a restore every edge has exactly one mirror again") {
  TwoCustomers t;
  const auto before_edge = copy_of(*t.pair.server_db);
  t.tie_them();
  const auto after_edge = copy_of(*t.pair.server_db);
  for (const auto& backup : {std::cref(before_edge), std::cref(after_edge)}) {
    t.pair.restore(*backup.get());
    t.everybody();
    t.everybody();
    const std::vector<Row> mirrors = t.ties_of(t.other);
    REQUIRE(mirrors.size() == 1);
    CHECK(row_of(mirrors.front().cell(kTieOf)) == t.edge);
    CHECK(t.colleague->replica->load(tie(), mirrors.front().id)->alive());
    CHECK(t.pair.store->verify_log().ok());
  }
}

TEST_CASE("what core banking delivers it mirrors itself; what people change in it, the server") {
  TwoCustomers t;
  const RowId edge = t.pair.store->mint(kImportDevice), mirror = t.pair.store->mint(kImportDevice);
  const std::vector<Draft> both{
      {t.pair.customer,
       0,
       {row_write(kTie, Op::Insert, edge, {cell(kTieTo, t.other), cell(kTieKind, kGuarantor)})}},
      {t.other,
       0,
       {row_write(
           kTie, Op::Insert, mirror,
           {cell(kTieTo, t.pair.customer), cell(kTieKind, kGuaranteed), cell(kTieOf, edge)})}}};
  REQUIRE(t.pair.store->author(kImportDevice, both));
  t.everybody();
  CHECK(t.ties_of(t.other).size() == 1);
  t.edge = edge;
  t.write(Op::Update, {cell(kTieKind, kSpouse)});
  REQUIRE(t.ties_of(t.other).size() == 1);
  CHECK(t.ties_of(t.other).front().id == mirror);
  CHECK(int_of(t.ties_of(t.other).front().cell(kTieKind)) == kSpouse);
}

TEST_CASE("two records of one person are joined by headquarters, never in a circle, and parted") {
  TwoCustomers t;
  auto analyst = t.pair.enrol(t.pair.analyst);
  REQUIRE(t.pair.sync(*analyst));
  const Entity& customer = *bank().entity(kCustomer);
  const auto same = [&](RowId one, Value as) {
    const Draft draft{
        one, 0, {row_write(kCustomer, Op::Command, one, {cell(kSameAs, std::move(as))})}};
    REQUIRE(analyst->replica->write(draft));
    REQUIRE(t.pair.sync(*analyst));
    return row_of(t.pair.store->load(customer, one)->cell(kSameAs));
  };
  CHECK(same(t.other, t.pair.customer) == t.pair.customer);
  CHECK(same(t.pair.customer, t.other) == kNoRow);  // would close a circle
  CHECK(same(t.pair.customer, t.pair.customer) == kNoRow);
  t.everybody();
  CHECK(row_of(t.colleague->replica->load(customer, t.other)->cell(kSameAs)) == t.pair.customer);
  CHECK(same(t.other, Value{}) == kNoRow);
  CHECK(analyst->replica->receipts(9)->size() == 2);
}

}  // namespace banyan::test
