#include "tests/unit/shared/changelog/samples.h"

#include <algorithm>

#include "shared/base/hlc.h"

namespace banyan::test {
namespace {

Field field(std::uint32_t no, const char* name, FieldType type, Merge merge) {
  Field out;
  out.no = no;
  out.name = name;
  out.type = type;
  out.merge = merge;
  return out;
}

Entity make_customer() {
  Entity out;
  out.name = out.aggregate = "customer";
  out.no = kCustomer;
  out.fields = {field(kName, "name", FieldType::Text, Merge::Register),
                field(kPhone, "phone", FieldType::Phone, Merge::Guarded),
                field(kVisits, "visits", FieldType::Int, Merge::Counter),
                field(kTags, "tags", FieldType::Enum, Merge::Set),
                field(kStage, "stage", FieldType::Enum, Merge::Machine),
                field(kBalance, "balance", FieldType::Money, Merge::Derived),
                field(kOwner, "owner", FieldType::Ref, Merge::Register),
                field(kMet, "met", FieldType::Ref, Merge::Set),
                field(kTitle, "title", FieldType::Text, Merge::Guarded),
                field(kStory, "story", FieldType::Text, Merge::Text),
                field(0, "shown", FieldType::Text, Merge::Computed)};
  out.fields[kPhone - 1].visible = 2;  // hidden from readers of class 1
  out.fields[kTags - 1].visible = 2;
  return out;
}

Entity make_child(const char* name, std::uint32_t no, bool fact) {
  Entity out;
  out.name = name;
  out.aggregate = "customer";
  out.no = no;
  out.fact = fact;
  out.fields = {field(1, "note", FieldType::Text, Merge::Register),
                field(2, "with", FieldType::Ref, Merge::Register),
                field(3, "amount", FieldType::Money, Merge::Derived)};
  return out;
}

constexpr std::int64_t kMorning = 1'756'684'800'000;

RowId random_id(Random& random) {
  return RowId{static_cast<std::int64_t>((random.below(5) << 41) | (random.below(3) << 24) |
                                         (1 + random.below(1000)))};
}

Stamp random_stamp(Random& random, std::uint32_t life) {
  return {life,
          hlc_of(kMorning + static_cast<std::int64_t>(random.below(1'000'000))) |
              (random.below(3) == 0 ? random.below(65'536) : 0),
          DeviceId{static_cast<std::uint32_t>(random.below(60))}};
}

std::vector<CellWrite> random_cells(Random& random, Op op) {
  std::vector<CellWrite> cells;
  std::uint32_t at = 0;
  const std::uint64_t count = op == Op::Delete || op == Op::Undelete ? 0 : random.below(6);
  for (std::uint64_t i = 0; i < count; ++i) {
    CellWrite cell;
    cell.field = at += 1 + static_cast<std::uint32_t>(random.below(40));
    cell.value = random_value(random);
    if (random.below(3) == 0) cell.replaced = static_cast<std::uint32_t>(random.next_u64());
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace

const Entity& customer() {
  static const Entity kEntity = make_customer();
  return kEntity;
}
const Entity& visit() {
  static const Entity kEntity = make_child("visit", kVisit, true);
  return kEntity;
}
const Entity& account() {
  static const Entity kEntity = make_child("account", kAccount, false);
  return kEntity;
}

SigningKey signing_key() {
  SeededRandom random(1);
  return SigningKey::generate(random);
}

VerifyKey key() { return signing_key().verify_key(); }

Commit sample_commit() {
  RowIdMinter minter(DeviceId{57}, 0x0C0DE);
  const RowId root = minter.next();
  Commit commit{12, hlc_of(kMorning) | 3, 0x5EED, 1'000, 4'242, root, {}};
  commit.rows = {
      {kCustomer,
       Op::Insert,
       root,
       1,
       {{kName, std::string("王小明"), {}},
        {kVisits, std::int64_t{-1}, {}},
        {kOwner, RowId{99}, {}}}},
      {kCustomer, Op::Update, root, 1, {{kPhone, std::string("10123456789"), 0xDDCCBBAA}}},
      {kCustomer, Op::Add, root, 1, {{kTags, std::int64_t{3}, {}}, {kTags, std::int64_t{5}, {}}}},
      {kCustomer, Op::Remove, root, 1, {{kMet, RowId{5}, {}}}},
      {kVisit, Op::Fact, minter.next(), 1, {{1, std::string("met at the market"), {}}}},
      {kAccount, Op::Update, RowId{31}, 3, {{1, Value{}, {}}}},
      {kAccount, Op::Delete, RowId{31}, 4, {}},
      {kAccount, Op::Undelete, RowId{31}, 5, {}},
  };
  return commit;
}

std::vector<Commit> sample_commits() {
  const Commit first = sample_commit();
  Commit second{12, first.hlc + 1, first.epoch, first.seen, first.user, first.aggregate, {}};
  second.rows = {{kCustomer, Op::Update, first.aggregate, 1, {{kName, std::string("王晓明"), {}}}}};
  const Commit empty{13, hlc_of(kMorning + 60'000), first.epoch, 1'200, first.user, RowId{99}, {}};
  return {first, second, empty};
}

ChainSpan sample_span() {
  ChainSpan span;
  span.organisation = 7;
  span.device = DeviceId{57};
  span.first = 41;
  span.previous = hash256(as_bytes("forty commits before"));
  return span;
}

Row sample_row() {
  Row row;
  row.entity = kCustomer;
  row.id = row.aggregate = sample_commit().aggregate;
  row.exists = true;
  row.clock.base = {1, hlc_of(kMorning), DeviceId{57}};
  row.clock.base_seq = 100;
  row.clock.life = {3, hlc_of(kMorning + 1'000), DeviceId{58}};
  row.clock.life_seq = 120;
  row.clock.cells = {{kName, {3, hlc_of(kMorning + 5'000) | 9, DeviceId{58}}, 130},
                     {kPhone, {1, hlc_of(kMorning + 2'000), DeviceId{59}}, 111},
                     {kTags, {1, hlc_of(kMorning + 3'000), DeviceId{57}}, 112}};
  row.cells = {{kName, std::string("王小明")},
               {kPhone, std::string("10123456789")},
               {kVisits, std::int64_t{2}},
               {kOwner, RowId{99}}};
  row.siblings = {
      {kPhone, 0, {DeviceId{58}, 110}, 1, hlc_of(kMorning + 1'500), std::string("10987654321")},
      {kPhone, 0, {DeviceId{59}, 111}, 1, hlc_of(kMorning + 2'000), std::string("10123456789")},
      {kTags, 3, {DeviceId{57}, 112}, 1, 0, {}}};
  return row;
}

Page sample_page() {
  Page page;
  page.organisation = 7;
  page.catalogue = 12;
  page.device = DeviceId{57};
  page.scopes.bytes.fill(0xAB);
  page.epoch = 0x5EED;
  page.from = page.base = 100;
  page.pos = 130;
  page.pos_hash.bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  page.now_ms = kMorning + 60'000;
  page.stable = 90;
  page.complete = true;
  page.acked = 43;
  page.acked_hash.bytes.fill(0xCD);
  page.outcomes = {{41, 0, kPhone, Outcome::Sibling, ""}, {43, 2, 0, Outcome::NoAccess, "moved"}};
  Row created = sample_row();
  created.clock.life = created.clock.base;
  created.clock.life_seq = created.clock.base_seq;
  created.clock.cells.clear();
  created.siblings.clear();
  page.aggregates = {{sample_row().id, PageMode::Changes, {changes_since(sample_row(), 110)}},
                     {created.id, PageMode::Whole, {{true, created}}},
                     {RowId{12'345}, PageMode::Drop, {}}};
  return page;
}

Bytes encoded(const Commit& commit) {
  ByteWriter out;
  encode_commit(commit, out);
  return out.take();
}
Bytes encoded(const RowClock& clock) {
  ByteWriter out;
  encode_clock(clock, out);
  return out.take();
}
Bytes encoded(const Row& row) {
  ByteWriter out;
  encode_row(row, out);
  return out.take();
}

Value random_value(Random& random, bool null_allowed) {
  switch (random.below(null_allowed ? 4 : 3)) {
    case 0: return static_cast<std::int64_t>(random.next_u64() >> random.below(64));
    case 1: {
      std::string text(static_cast<std::size_t>(random.below(40)), ' ');
      for (char& c : text) c = static_cast<char>(random.below(256));
      return text;
    }
    case 2: return random_id(random);
    default: return {};
  }
}

Commit random_commit(Random& random) {
  Commit commit{static_cast<std::uint32_t>(random.below(3)),
                random_stamp(random, 1).hlc,
                static_cast<std::uint32_t>(random.below(2)),
                random.below(2'000),
                random.below(4),
                random_id(random),
                {}};
  for (std::uint64_t left = random.below(5); left > 0; --left) {
    RowWrite row;
    row.entity = 1 + static_cast<std::uint32_t>(random.below(40));
    row.op = static_cast<Op>(random.below(8));
    row.row = random.below(2) == 0 ? commit.aggregate : random_id(random);
    row.life = random.below(4) == 0 ? 1 + static_cast<std::uint32_t>(random.below(9)) : 1;
    row.cells = random_cells(random, row.op);
    commit.rows.push_back(std::move(row));
  }
  return commit;
}

Row random_row(Random& random, RowId aggregate) {
  Row row;
  row.exists = true;
  row.entity = 1 + static_cast<std::uint32_t>(random.below(3));
  row.aggregate = aggregate;
  row.id = random.below(2) == 0 ? aggregate : random_id(random);
  row.clock.life = row.clock.base = random_stamp(random, 1);
  row.clock.life_seq = row.clock.base_seq = 1 + random.below(1'000);
  if (random.below(3) == 0) {
    row.clock.life = random_stamp(random, 2 + static_cast<std::uint32_t>(random.below(4)));
    row.clock.life_seq = row.clock.base_seq + 1 + random.below(1'000);
  }
  for (std::uint32_t field = 1; field < 12; ++field) {
    if (random.below(2) == 0) row.cells.push_back({field, random_value(random, false)});
    if (random.below(3) != 0) continue;
    const Stamp stamp = random_stamp(random, 1 + static_cast<std::uint32_t>(random.below(3)));
    row.clock.cells.push_back({field, stamp, row.clock.base_seq + 1 + random.below(1'000)});
    for (std::uint64_t i = random.below(3); i > 0; --i) {
      row.siblings.push_back({field,
                              static_cast<std::int64_t>(2 - i),
                              {DeviceId{static_cast<std::uint32_t>(i)}, 10 + random.below(9)},
                              1,
                              random.next_u64(),
                              random_value(random)});
    }
  }
  std::sort(row.siblings.begin(), row.siblings.end(), [](const Sibling& a, const Sibling& b) {
    return std::tie(a.field, a.element, a.dot) < std::tie(b.field, b.element, b.dot);
  });
  return row;
}

Page random_page(Random& random) {
  Page page = sample_page();
  page.reset = random.below(5) == 0;
  page.complete = random.below(2) == 0;
  if (random.below(3) == 0)
    page.resume = PagePlace{random_id(random), random.below(1U << 30), 3, random_id(random)};
  page.aggregates.clear();
  for (std::uint64_t left = random.below(6); left > 0; --left) {
    PageAggregate aggregate{random_id(random), static_cast<PageMode>(random.below(4)), {}};
    const std::uint64_t rows = aggregate.mode == PageMode::Drop ? 0 : random.below(5);
    for (std::uint64_t i = 0; i < rows; ++i) {
      aggregate.rows.push_back(
          changes_since(random_row(random, aggregate.id), random.below(1'500)));
    }
    page.aggregates.push_back(std::move(aggregate));
  }
  return page;
}

}  // namespace banyan::test
