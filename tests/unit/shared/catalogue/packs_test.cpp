#include "shared/catalogue/packs.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/shared/catalogue/small_pack.h"

namespace banyan {

using test::small_pack;

namespace {

std::vector<PackError> errors_of(const std::vector<PackSource>& sources) {
  std::vector<PackError> errors;
  const auto catalogue = load_packs(sources, {}, &errors);
  CHECK(catalogue.ok() == errors.empty());
  return errors;
}

}  // namespace

TEST_CASE("a right pack becomes a catalogue in which names and numbers meet") {
  const std::vector<PackSource> sources{small_pack()};
  const auto catalogue = load_packs(sources, {.number = 7});
  REQUIRE(catalogue.ok());
  CHECK(catalogue->number() == 7);
  const Entity* call = catalogue->entity("call");
  REQUIRE(call != nullptr);
  CHECK(catalogue->entity(3) == call);
  CHECK(call->fact);
  CHECK(catalogue->root_of(*call).name == "customer");
  const Entity* customer = catalogue->entity(1);
  REQUIRE(customer->field("owner") == customer->field(2));
  CHECK(customer->field("owner")->ref == "staff");
  CHECK(customer->field("colour")->choice("blue")->no == 2);
  CHECK(customer->field("colour")->choice(2)->label.zh == "蓝");
  CHECK(customer->machine.moves.size() == 1);
  CHECK(customer->plural.en == "Customer");
  CHECK(catalogue->entity("nobody") == nullptr);
  CHECK(catalogue->entity(99) == nullptr);
  CHECK(customer->field(0) == nullptr);
  const Role* officer = catalogue->role("officer");
  REQUIRE(officer != nullptr);
  CHECK(officer->mask == 1);
  CHECK(officer->may("customer") == (kRead | kCreate | kUpdate));
  CHECK(officer->may("call") == kRead);
  CHECK(officer->may("nobody") == 0);
}

TEST_CASE("the order of files and packs has no say in the catalogue") {
  PackSource turned = small_pack();
  std::swap(turned.files[0], turned.files[1]);
  const auto a = load_packs(std::vector<PackSource>{small_pack()});
  const auto b = load_packs(std::vector<PackSource>{turned});
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK(a->entities().size() == b->entities().size());
  CHECK(a->entity("customer")->fields[3].name == b->entity("customer")->fields[3].name);
}

TEST_CASE("all that is wrong is told at once, each with file, path and reason") {
  const auto errors = errors_of({small_pack(
      {{"a.json",
        R"({"entity": "select", "no": 5, "label": {"zh": "x"}, "fields": [], "colour": 1})"},
       {"b.json", R"([{"extends": "nobody"}, {"what": 1}])"}})});
  const std::vector<PackError> expected{
      {"small/a.json", "/entity", "\"select\" is a word of SQL"},
      {"small/a.json", "/label/en", "is missing"},
      {"small/a.json", "/fields", "an entity has at least one field"},
      {"small/a.json", "/title", "is missing"},
      {"small/a.json", "/colour", "is no key that is known here"},
  };
  REQUIRE(errors.size() == expected.size() + 2);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(errors[i].file == expected[i].file);
    CHECK(errors[i].path == expected[i].path);
    CHECK(errors[i].reason == expected[i].reason);
  }
  CHECK(errors[5].path == "/1");
  CHECK(errors[6].path == "/0/extends");
  const auto result =
      load_packs(std::vector<PackSource>{small_pack({{"b.json", "{\"what\": 1}"}})});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::Invalid);
  CHECK(result.error().detail.rfind("1 error(s) in the packs; small/b.json: says not", 0) == 0);
}

TEST_CASE("a file that is not JSON is told with line and column, and nothing that hangs on it") {
  const auto errors = errors_of({small_pack({{"a.json", "{\n  \"entity\": }"}})});
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].file == "small/a.json");
  CAPTURE(errors[0].reason);
  CHECK(errors[0].reason.rfind("JSON: line 2, column 13: ", 0) == 0);
}

TEST_CASE("a hostile pack ends in errors, not in memory or time") {
  CHECK(errors_of({small_pack({{"a.json", std::string(2 << 20, ' ')}})}).size() == 1);
  CHECK(errors_of({small_pack({{"a.json", std::string(100'000, '[')}})}).size() == 1);
  std::string many = "[";
  for (int i = 0; i < 2000; ++i) many += std::string(i > 0 ? "," : "") + "{\"what\":1}";
  CHECK(errors_of({small_pack({{"a.json", many + "]"}})}).size() == 500);
}

TEST_CASE("packs stand on each other, by need and by numbers of their own") {
  const auto with = [](const std::string& manifest, const std::string& thing) {
    return std::vector<PackSource>{{"more", {{"pack.json", manifest}, {"x.json", thing}}},
                                   small_pack()};
  };
  const std::string good = R"({"pack": "more", "version": "1", "label": {"zh": "多", "en": "More"},
    "numbers": [1000, 1999], "needs": ["small"]})";
  const std::string field =
      R"({"extends": "customer", "fields": [{"name": "land", "no": 1000, "type": "int",
         "label": {"zh": "地", "en": "Land"}}], "form": [["land"]], "filters": ["land"]})";

  SUBCASE("an extension adds to an entity of another pack") {
    const auto catalogue = load_packs(with(good, field));
    REQUIRE(catalogue.ok());
    const Field* land = catalogue->entity("customer")->field("land");
    REQUIRE(land != nullptr);
    CHECK(land == catalogue->entity("customer")->field(1000));
    CHECK(land->pack == "more");
    CHECK(catalogue->entity("customer")->list_filters.back() == "land");
    CHECK(catalogue->packs().front().name == "small");
  }
  SUBCASE("a shared list of choices can be extended, in numbers of the pack's range") {
    const auto catalogue = load_packs(with(good, R"({"extends_list": "colour", "choices": [
      {"name": "green", "no": 1001, "zh": "绿", "en": "Green"}]})"));
    REQUIRE(catalogue.ok());
    CHECK(catalogue->entity("customer")->field("colour")->choice(1001)->name == "green");
    const auto errors = errors_of(with(good, R"({"extends_list": "colour", "choices": [
      {"name": "green", "no": 3, "zh": "绿", "en": "Green"}]})"));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].path == "/choices/0/no");
  }
  SUBCASE("a grant adds rights to another pack's role") {
    const auto catalogue =
        load_packs(with(good, R"({"grants": "officer", "rights": {"call": "read create"}})"));
    REQUIRE(catalogue.ok());
    CHECK(catalogue->role("officer")->may("call") == (kRead | kCreate));
  }
  SUBCASE("a number outside of the pack's range is refused") {
    std::string wrong = field;
    wrong.replace(wrong.find("1000"), 4, "0005");
    wrong.replace(wrong.find("0005"), 4, "5   ");
    const auto errors = errors_of(with(good, wrong));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].file == "more/x.json");
    CHECK(errors[0].path == "/fields/0/no");
    CHECK(errors[0].reason == "should be in the range of pack \"more\", 1000 to 1999");
  }
  SUBCASE("what is extended must be needed") {
    std::string manifest = good;
    manifest.replace(manifest.find("[\"small\"]"), 9, "[]");
    const auto errors = errors_of(with(manifest, field));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].reason == "pack \"more\" does not need pack \"small\"");
  }
  SUBCASE("ranges do not overlap") {
    std::string manifest = good;
    manifest.replace(manifest.find("1000"), 4, "900 ");
    const auto errors = errors_of(with(manifest, field));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].reason == "overlap the numbers of pack \"more\"");
  }
  SUBCASE("a need that is not installed, and a circle of needs") {
    std::string manifest = good;
    manifest.replace(manifest.find("[\"small\"]"), 9, "[\"small\", \"gone\"]");
    auto errors = errors_of(with(manifest, field));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].reason == "pack \"gone\" is not installed");
    manifest.replace(manifest.find("gone"), 4, "more");
    errors = errors_of(with(manifest, field));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].reason == "packs need each other in a circle");
  }
  SUBCASE("a pack says once what it is, under its folder's name") {
    CHECK(errors_of({{"more", {}}, small_pack()})[0].reason ==
          "no file says {\"pack\": \"more\", ...}");
    CHECK(errors_of({{"other", {{"pack.json", good}}}, small_pack()})[0].reason ==
          "should be \"other\", the folder's name");
    CHECK(errors_of({{"More", {{"pack.json", good}}}, small_pack()})[0].file == "More");
  }
}

TEST_CASE("the canonical text does not depend on order or blanks, and loads back") {
  PackSource turned = small_pack();
  std::swap(turned.files[0], turned.files[1]);
  turned.files[1].text += "\n  ";
  const auto a = canonical_packs(std::vector<PackSource>{small_pack()});
  const auto b = canonical_packs(std::vector<PackSource>{turned});
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK(*a == *b);
  const auto split = split_packs(*a);
  REQUIRE(split.ok());
  CHECK(*canonical_packs(*split) == *a);
  CHECK(load_packs(*split).ok());
}

// The server signs this text and devices hash it: a change of one byte here is
// another catalogue everywhere.
TEST_CASE("the canonical text is this, byte for byte") {
  const std::vector<PackSource> sources{
      {"b", {{"y.json", R"([1, "里\u00e9\n", {"z": null, "a": true}])"}}},
      {"a", {{"x.json", "{ }"}}}};
  CHECK(
      *canonical_packs(sources) ==
      R"({"format":0,"packs":{"a":{"x.json":{}},"b":{"y.json":[1,"里é\n",{"a":true,"z":null}]}}})");
}

TEST_CASE("a text that is no catalogue is refused with its cause") {
  const auto code = [](std::string_view text) { return split_packs(text).error().code; };
  CHECK(code("") == ErrorCode::Invalid);
  CHECK(code("[]") == ErrorCode::Invalid);
  CHECK(code(R"({"format": 0})") == ErrorCode::Invalid);
  CHECK(code(R"({"format": 0, "packs": {"a": 1}})") == ErrorCode::Invalid);
  CHECK(code(R"({"format": 1, "packs": {}})") == ErrorCode::Newer);
  CHECK(code(std::string(17 << 20, ' ')) == ErrorCode::TooLarge);
  CHECK_FALSE(canonical_packs(std::vector<PackSource>{{"a", {{"x.json", "{"}}}}).ok());
  CHECK_FALSE(canonical_packs(std::vector<PackSource>{{"a", {}}, {"a", {}}}).ok());
}

}  // namespace banyan
