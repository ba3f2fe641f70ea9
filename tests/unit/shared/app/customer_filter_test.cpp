// Which customers a list shows: by any field that the packs filter by.
#include "shared/app/customer_filter.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "shared/base/date.h"
#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

// Four people of different sex, age, occupation and tags, and one of whom nothing is known.
struct People {
  People() {
    tag = bank.add("tag", {{"name", std::string("种植大户")}});
    young = person("陈小梅", "female", "2001-07-02", "farmer");
    mother = person("王桂兰", "female", "1974-03-08", "farmer");
    trader = person("李建国", "male", "1974-04-16", "merchant");
    old = person("赵大山", "male", "1950-01-01", "");
    unknown = bank.add("customer", {{"name", std::string("无名")},
                                    {"kind", bank.choice("customer", "kind", "person")},
                                    {"owner", bank.officer},
                                    {"branch", bank.branch}});
    REQUIRE(tablet.sync());
    tablet.online = false;
    Form form = Form::edit(*tablet, *tablet->names().customer, mother).value();
    form.item("tags")->set = {number(tag)};
    REQUIRE(form.save(*tablet).ok());
  }

  RowId person(const char* name, const char* gender, const char* born, const char* occupation) {
    AppBank::Cells cells{{"name", std::string(name)},
                         {"kind", bank.choice("customer", "kind", "person")},
                         {"gender", bank.choice("customer", "gender", gender)},
                         {"birth_date", *parse_date(born)},
                         {"owner", bank.officer},
                         {"branch", bank.branch}};
    if (*occupation != 0) {
      cells.emplace_back("occupation", bank.choice("customer", "occupation", occupation));
    }
    return bank.add("customer", cells);
  }

  const Field& field(std::string_view name) { return *tablet->names().customer->field(name); }

  FieldFilter any(std::string_view name, std::vector<std::string> choices) {
    FieldFilter filter;
    filter.field = field(name).no;
    for (const std::string& one : choices) {
      filter.any.push_back(bank.choice("customer", name, one));
    }
    return filter;
  }

  FieldFilter aged(int from, std::optional<int> until) {
    return years_ago(field("birth_date"), from, until, tablet->today());
  }

  // Those who pass all criteria, ascending.
  std::vector<RowId> those(std::vector<FieldFilter> fields, std::string_view typed = {}) {
    CustomerList list(*tablet);
    CustomerFilter filter;
    filter.fields = std::move(fields);
    list.ask_for(typed, filter, CustomerSort::Name);
    CHECK(list.on_device() == 5);
    std::vector<RowId> out;
    for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.id_at(i));
    std::sort(out.begin(), out.end());
    return out;
  }

  using Rows = std::vector<RowId>;
  static Rows sorted(Rows rows) {
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  AppBank bank{BANYAN_SOURCE_DIR};
  AppDevice tablet{bank, bank.officer, 41};
  RowId young{}, mother{}, trader{}, old{}, unknown{}, tag{};
};

}  // namespace

TEST_CASE("customers are filtered by sex, age and occupation, without a line [R12]") {
  People p;
  CHECK(p.those({}).size() == 5);
  CHECK(p.those({p.any("gender", {"female"})}) == People::sorted({p.young, p.mother}));
  CHECK(p.those({p.any("gender", {"female", "male"})}).size() == 4);
  CHECK(p.those({p.any("occupation", {"farmer"}), p.aged(45, 59)}) == People::Rows{p.mother});
  CHECK(p.those({p.aged(0, 29)}) == People::Rows{p.young});
  CHECK(p.those({p.aged(60, {})}) == People::Rows{p.old});
  CHECK(p.those({p.any("gender", {"male"})}, "ljg") == People::Rows{p.trader});
  CHECK(p.those({p.any("gender", {"female"})}, "ljg").empty());
  CHECK(p.those({FieldFilter{}}).size() == 5);
}

TEST_CASE("a filter by tags finds what was tagged on this device a moment ago") {
  People p;
  FieldFilter tagged;
  tagged.field = p.field("tags").no;
  tagged.any = {number(p.tag)};
  CHECK(p.those({tagged}) == People::Rows{p.mother});
}

TEST_CASE("a criterion of a pack that is no longer there keeps nobody out") {
  People p;
  FieldFilter gone;
  gone.field = 999;
  gone.any = {1};
  CHECK(p.those({gone}).size() == 5);
}

TEST_CASE("a criterion of which everything was taken away is gone, and others stay") {
  CustomerFilter filter;
  filter.toggle(7, 1);
  filter.toggle(7, 2);
  filter.put({.field = 8, .from = 5});
  CHECK(filter.fields.size() == 2);
  CHECK(filter.asks(7, 2));
  filter.toggle(7, 1);
  filter.toggle(7, 2);
  CHECK(filter.of(7) == nullptr);
  filter.put({.field = 8});
  CHECK_FALSE(filter.any());
}

TEST_CASE("an age is the same to the filter as to the head of the record") {
  People p;
  const Field& born = p.field("birth_date");
  for (const char* now : {"2024-02-28", "2024-02-29", "2025-02-28", "2025-03-01", "2026-12-31"}) {
    const std::int64_t today = *parse_date(now);
    for (std::int64_t day = today - 366 * 90; day <= today; ++day) {
      const int age = years_between(day, today);
      const FieldFilter exactly = years_ago(born, age, age, today);
      const FieldFilter older = years_ago(born, age + 1, {}, today);
      const bool fits = day >= *exactly.from && day <= *exactly.to && day > *older.to;
      if (!fits) FAIL_CHECK(format_date(day) << " seen from " << now);
    }
  }
}

TEST_CASE("what is offered are the packs' own filters, in their order, each of a kind to choose") {
  People p;
  std::vector<std::string> names;
  for (const Field* field : filter_fields(*p.tablet)) names.push_back(field->name);
  const auto& wanted = p.tablet->names().customer->list_filters;
  CHECK(names == wanted);
  CHECK(std::count(names.begin(), names.end(), "crops") == 1);  // of rural-credit
}
