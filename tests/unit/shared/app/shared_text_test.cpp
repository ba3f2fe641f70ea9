// One text that two people write, on two tablets without a line between them.
#include <doctest/doctest.h>

#include "tests/unit/shared/app/app_bank.h"

using namespace banyan;
using namespace banyan::test;

namespace {

struct Household {
  Household() {
    customer = bank.add("customer", {{"name", std::string("王桂兰")},
                                     {"kind", bank.choice("customer", "kind", "person")},
                                     {"owner", bank.officer},
                                     {"co_owner", bank.colleague},
                                     {"branch", bank.branch}});
  }
  AppBank bank{BANYAN_SOURCE_DIR};
  RowId customer{};

  Form open(AppDevice& device) const {
    Result<Form> form = Form::edit(*device, *device->names().customer, customer);
    REQUIRE(form.ok());
    REQUIRE(form->item("about") != nullptr);
    return std::move(form).value();
  }
  void write(AppDevice& device, const std::string& text) const {
    Form form = open(device);
    form.item("about")->text = text;
    REQUIRE(form.save(*device).ok());
  }
  std::string read(AppDevice& device) const { return open(device).item("about")->text; }
  bool twice(AppDevice& device) const {
    const auto record = read_record(*device, *device->names().customer, customer);
    REQUIRE(record.ok());
    for (const FieldView& field : record->fields) {
      if (field.field->name == "about") return field.conflict;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("two officers write about one household: other paragraphs both stand, one is decided") {
  Household home;
  AppDevice a(home.bank, home.bank.officer, 61), b(home.bank, home.bank.colleague, 62);
  REQUIRE(a.sync());
  home.write(a, "种粮二十亩\n儿子在城里");
  REQUIRE(a.sync());
  REQUIRE(b.sync());
  CHECK(home.read(b) == "种粮二十亩\n儿子在城里");
  home.write(a, "种粮二十亩，想再包五亩\n儿子在城里打工");
  home.bank.clock.advance_ms(1'000);
  home.write(b, "种粮二十亩\n儿子在城里开店\n老人常住院");
  for (AppDevice* one : {&a, &b, &a}) REQUIRE(one->sync());
  for (AppDevice* one : {&a, &b}) {
    CHECK(home.read(*one) == "种粮二十亩，想再包五亩\n儿子在城里开店\n老人常住院");
    CHECK(home.twice(*one));
    const auto conflicts = read_conflicts(**one);
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].field->name == "about");
    REQUIRE(conflicts[0].choices.size() == 2);
    CHECK(read_outbox_counts(**one).conflicts == 1);
  }
  // What another paragraph becomes meanwhile settles nothing.
  home.write(b, "种粮三十亩\n儿子在城里开店\n老人常住院");
  CHECK(home.twice(b));
  const ConflictItem conflict = read_conflicts(*b)[0];
  REQUIRE(resolve_conflict(*b, conflict, std::string("儿子在城里打工")).ok());
  for (AppDevice* one : {&b, &a}) REQUIRE(one->sync());
  for (AppDevice* one : {&a, &b}) {
    CHECK(home.read(*one) == "种粮三十亩\n儿子在城里打工\n老人常住院");
    CHECK_FALSE(home.twice(*one));
    CHECK(read_conflicts(**one).empty());
    one->restart();
    CHECK(home.read(*one) == "种粮三十亩\n儿子在城里打工\n老人常住院");
  }
}

TEST_CASE("a paragraph that arrives while a form is open stays when the form is saved") {
  Household home;
  AppDevice a(home.bank, home.bank.officer, 63), b(home.bank, home.bank.colleague, 64);
  REQUIRE(a.sync());
  home.write(a, "种粮二十亩");
  for (AppDevice* one : {&a, &b}) REQUIRE(one->sync());
  Form form = home.open(a);
  form.item("about")->text = "养猪六头\n种粮二十亩";
  home.write(b, "种粮二十亩\n儿子在城里");
  REQUIRE(b.sync());
  REQUIRE(a.sync());
  REQUIRE(form.save(*a).ok());
  CHECK(home.read(a) == "养猪六头\n种粮二十亩\n儿子在城里");
  // And taking it back takes back this alone.
  REQUIRE(undo(*a).ok());
  CHECK(home.read(a) == "种粮二十亩\n儿子在城里");
}

TEST_CASE("a new record begins with its text, and a text as it was is no change") {
  Household home;
  AppDevice a(home.bank, home.bank.officer, 65);
  REQUIRE(a.sync());
  Form form = Form::create(*a, *a->names().customer, kNoRow);
  form.item("name")->text = "欧阳晓棠";
  form.item("about")->text = "开杂货店\n一个女儿";
  const Result<RowId> saved = form.save(*a);
  REQUIRE(saved.ok());
  home.customer = *saved;
  CHECK(home.read(a) == "开杂货店\n一个女儿");
  const std::size_t before = read_outbox(*a, 10).size();
  home.write(a, "开杂货店\n一个女儿\n");
  CHECK(read_outbox(*a, 10).size() == before);
  REQUIRE(a.sync());
  CHECK(read_outbox_counts(*a).blocked == 0);
  CHECK(home.read(a) == "开杂货店\n一个女儿");
  Form long_one = home.open(a);
  for (int i = 0; i < 1'001; ++i) long_one.item("about")->text += "\nx";
  CHECK_FALSE(long_one.check(*a));
  CHECK(long_one.item("about")->flaw == Form::Flaw::TooLong);
}
