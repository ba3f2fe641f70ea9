// One fault a row: a file added to the small pack, and what the person who
// wrote it is told.
#include <doctest/doctest.h>

#include <string>

#include "shared/catalogue/packs.h"
#include "tests/unit/shared/catalogue/small_pack.h"

namespace banyan {

namespace {

struct Fault {
  const char* json;
  const char* path;
  const char* reason;
};

void check(std::initializer_list<Fault> faults) {
  for (const Fault& fault : faults) {
    CAPTURE(fault.json);
    std::vector<PackError> errors;
    const std::vector<PackSource> sources{test::small_pack({{"x.json", fault.json}})};
    CHECK_FALSE(load_packs(sources, {}, &errors).ok());
    bool told = false;
    std::string all;
    for (const PackError& error : errors) {
      told = told || (error.file == "small/x.json" && error.path == fault.path &&
                      error.reason == fault.reason);
      all += error.file + " " + error.path + ": " + error.reason + "\n";
    }
    CAPTURE(all);
    CHECK(told);
    CHECK(errors.size() == 1);
  }
}

// A root entity with one field `f` of these keys.
std::string field(const std::string& keys) {
  return R"({"entity": "thing", "no": 9, "title": "'x'", "label": {"zh": "物", "en": "Thing"},
    "fields": [{"name": "f", "no": 1, "label": {"zh": "甲", "en": "F"}, )" +
         keys + "}]}";
}

void check_field(std::initializer_list<Fault> faults) {
  for (const Fault& fault : faults) {
    const std::string json = field(fault.json);
    const std::string path = std::string("/fields/0") + fault.path;
    check({{json.c_str(), path.c_str(), fault.reason}});
  }
}

// A root entity with a few fields, and these keys beside.
std::string entity(const std::string& keys) {
  return R"({"entity": "thing", "no": 9, "title": "a", "label": {"zh": "物", "en": "Thing"},
    "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}},
               {"name": "o", "no": 2, "type": "ref:staff", "label": {"zh": "乙", "en": "O"}},
               {"name": "s", "no": 3, "type": "enum", "default": "'x'", "choices": [
                  {"name": "x", "no": 1, "zh": "一", "en": "X"},
                  {"name": "y", "no": 2, "zh": "二", "en": "Y"}], "label": {"zh": "丙", "en": "S"}}], )" +
         keys + "}";
}

void check_entity(std::initializer_list<Fault> faults) {
  for (const Fault& fault : faults) {
    const std::string json = entity(fault.json);
    check({{json.c_str(), fault.path, fault.reason}});
  }
}

}  // namespace

TEST_CASE("the small pack's additions load when nothing is wrong with them") {
  for (const std::string& json :
       {field(R"("type": "int", "merge": "counter")"), entity(R"("board": "s")")}) {
    CAPTURE(json);
    CHECK(load_packs(std::vector<PackSource>{test::small_pack({{"x.json", json}})}).ok());
  }
}

TEST_CASE("faults of a field") {
  check_field({
      {R"("type": "texts")", "/type",
       "\"texts\" should be text, int, money, percent, bool, date, time, enum, phone, id_number, "
       "place, blob or hash"},
      {R"("type": "ref:")", "/type", "names no entity behind \"ref:\""},
      {R"("type": "ref:nobody")", "/type", "there is no entity \"nobody\""},
      {R"("type": "text", "merge": "last")", "/merge",
       "\"last\" should be register, guarded, counter, set, machine, derived or text"},
      {R"("type": "phone", "merge": "text")", "/merge", "text is a text with lines"},
      {R"("type": "text", "merge": "text")", "/merge", "text is a text with lines"},
      {R"("type": "text", "multiline": true, "max": 9, "merge": "text", "default": "'x'")",
       "/merge", "a shared text has no check and no default"},
      {R"("type": "text", "roles": ["officer"])", "/roles",
       "only a field of kind machine that has no moves"},
      {R"("type": "ref:staff", "merge": "machine", "roles": ["boss"])", "/roles",
       "there is no role \"boss\""},
      {R"("type": "enum", "choices": [{"name": "up", "no": 1, "zh": "上", "en": "Up", "opposite": "down"}, {"name": "down", "no": 2, "zh": "下", "en": "Down"}])",
       "/choices/0/opposite", "\"down\" should be a choice with the opposite \"up\""},
      {R"("type": "text", "merge": "set")", "/merge", "a set holds an enum or a ref"},
      {R"("type": "text", "merge": "counter")", "/merge", "a counter is int or money"},
      {R"("type": "ref:staff", "merge": "set", "required": true)", "/merge",
       "a set is not required and has no check and no default"},
      {R"("type": "text", "merge": "derived", "default": "'x'")", "/default",
       "the server writes a derived field: no form starts with it"},
      {R"("type": "enum")", "/choices", "an enum has at least one choice"},
      {R"("type": "enum", "choices": "shade")", "/choices", "there is no choice list \"shade\""},
      {R"("type": "text", "choices": "colour")", "/choices", "only an enum has choices"},
      {R"("type": "int", "max": 5)", "/max",
       "only a text, a phone or an id_number has a greatest length"},
      {R"("type": "text", "max": 9000)", "/max", "should be a whole number from 1 to 8000"},
      {R"("type": "int", "multiline": true)", "/multiline", "only a text has lines"},
      {R"("type": "money", "decimals": 1)", "/decimals", "only an int has decimals"},
      {R"("type": "text", "unit": {"zh": "亩", "en": "mu"})", "/unit", "only an int has a unit"},
      {R"("type": "date", "search": true)", "/search",
       "only a text, a phone or an id_number is searched"},
      {R"("type": "id_number")", "/personal", "an id_number is personal"},
      {R"("type": "int", "currency": "f")", "/currency", "only money has a currency"},
      {R"("type": "money", "currency": "g")", "/currency", "\"g\" is no text field of this entity"},
      {R"("type": "text", "visible": ["boss"])", "/visible",
       "there is no class of readers \"boss\""},
      {R"("type": "text", "visible": [])", "/visible", "names nobody"},
      {R"("type": "text", "required": "yes")", "/required", "should be true or false"},
      {R"("type": "text", "hint": {"zh": "提示"})", "/hint/en", "is missing"},
      {R"("type": "text", "hint": {"zh": "提示", "en": ""})", "/hint/en",
       "should be a text that is not empty"},
      {R"("type": "text", "colour": 1)", "/colour", "is no key that is known here"},
      {R"("type": "enum", "default": "'green'", "choices": "colour")", "/default",
       "'green' should be one of the choices, quoted"},
      {R"("type": "enum", "choices": [{"name": "x", "no": 1, "zh": "一"}])", "/choices/0/en",
       "is missing"},
      {R"("type": "enum", "choices": [{"name": "x", "no": 1, "zh": "一", "en": "X", "tone": "red"}])",
       "/choices/0/tone", "\"red\" should be neutral, good, info, soon or bad"},
      {R"("type": "enum", "choices": [{"name": "x", "no": 1, "zh": "一", "en": "X"}, {"name": "x", "no": 2, "zh": "一", "en": "X"}])",
       "/choices/1/name", "\"x\" stands twice"},
      {R"("type": "enum", "choices": [{"name": "x", "no": 1, "zh": "一", "en": "X"}, {"name": "y", "no": 1, "zh": "一", "en": "X"}])",
       "/choices/1/no", "1 stands twice"},
      {R"("type": "enum", "choices": [{"name": "x", "no": 1000, "zh": "一", "en": "X"}])",
       "/choices/0/no", "an own choice has a number from 1 to 999"},
  });
}

TEST_CASE("faults of names and numbers") {
  const auto named = [](const char* name) {
    return R"({"extends": "customer", "fields": [{"name": ")" + std::string(name) +
           R"(", "no": 9, "type": "text", "label": {"zh": "甲", "en": "A"}}]})";
  };
  const char* shape = "a name has at most 40 of a-z, 0-9 and _, and begins with a letter";
  check({
      {named("Name").c_str(), "/fields/0/name", shape},
      {named("1st").c_str(), "/fields/0/name", shape},
      {named("a b").c_str(), "/fields/0/name", shape},
      {named("名").c_str(), "/fields/0/name", shape},
      {named("group").c_str(), "/fields/0/name", "\"group\" is a word of SQL"},
      {named("user").c_str(), "/fields/0/name", "\"user\" is a word of SQL"},
      {named("id").c_str(), "/fields/0/name", "\"id\" has a meaning already"},
      {named("today").c_str(), "/fields/0/name", "\"today\" has a meaning already"},
      {named("card_pin").c_str(), "/fields/0/name",
       "secrets and biometrics of customers are never stored"},
      {named("cvv2").c_str(), "/fields/0/name",
       "secrets and biometrics of customers are never stored"},
      {named("name").c_str(), "/fields/0/name",
       "\"name\" is taken by small/things.json/2/fields/0"},
      {R"({"extends": "customer", "fields": [{"name": "x", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/no", "1 is taken by \"name\""},
      {R"({"extends": "customer", "fields": [{"name": "x", "no": 0, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/no", "should be a whole number from 1 to 4294967295"},
      {R"({"extends": "customer", "fields": [{"name": "x", "no": 1.5, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/no", "should be a whole number from 1 to 4294967295"},
      {R"({"extends": "customer", "fields": [{"name": "x", "no": 1000, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/no", "an own field has a number from 1 to 999"},
      {R"({"entity": "thing", "no": 1000, "title": "a", "label": {"zh": "物", "en": "Thing"}, "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/no", "should be in the range of pack \"small\", 1 to 999"},
      {R"({"entity": "thing", "no": 3, "title": "a", "label": {"zh": "物", "en": "Thing"}, "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/no", "3 is taken by \"call\""},
      {R"({"entity": "staff", "no": 9, "title": "a", "label": {"zh": "物", "en": "Thing"}, "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}]})",
       "/entity", "\"staff\" is taken by small/things.json/1"},
  });
}

TEST_CASE("faults of an entity") {
  check_entity({
      {R"("retired": [1])", "/fields/0/no", "1 is retired and never comes back"},
      {R"("retired": ["a"])", "/retired/0", "should be the number of a field that is gone"},
      {R"("aggregate": "nobody")", "/aggregate", "there is no entity \"nobody\""},
      {R"("aggregate": "call")", "/aggregate", "\"call\" is no root itself"},
      {R"("fact": true)", "/fact", "a fact lives in an aggregate"},
      {R"("aggregate": "customer", "reference": true)", "/reference",
       "only a root is reference data"},
      {R"("scopes": ["nobody"])", "/scopes", "there is no field \"nobody\""},
      {R"("scopes": ["a"])", "/scopes",
       "\"a\" is no ref of kind machine: only the server moves rows"},
      {R"("scopes": ["o"])", "/scopes",
       "\"o\" is no ref of kind machine: only the server moves rows"},
      {R"("list": {"columns": ["b"]})", "/list/columns", "there is no field \"b\""},
      {R"("list": {"filters": ["a", "a"]})", "/list/filters/1", "\"a\" stands twice"},
      {R"("list": {"order": "-b"})", "/list/order", "names no field that has an order"},
      {R"("list": {"sort": "a"})", "/list/sort", "is no key that is known here"},
      {R"("form": [["b"]])", "/form/0", "there is no field \"b\""},
      {R"("form": [["a"], ["a"]])", "/form/1", "\"a\" stands twice in the form"},
      {R"("form": [[]])", "/form/0", "a section shows at least one field"},
      {R"("form": [{"fields": ["a"]}])", "/form/0/label", "is missing"},
      {R"("board": "a")", "/board", "names no enum of this entity"},
      {R"("icon": "Sprout!")", "/icon", "an icon's name has a-z, 0-9 and -"},
      {R"("machine": {"field": "a", "moves": [{"from": ["x"], "to": "y", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/field", "names no enum of kind register or machine"},
      {R"("machine": {"field": "s", "moves": []})", "/machine/moves",
       "a machine has at least one move"},
      {R"("machine": {"field": "s", "moves": [{"from": ["z"], "to": "y", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/from", "\"z\" is no choice of \"s\""},
      {R"("machine": {"field": "s", "moves": [{"from": ["x", "y"], "to": "y", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/from", "a move goes somewhere else"},
      {R"("machine": {"field": "s", "moves": [{"from": ["y"], "to": "x", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves", "no move leads to \"y\""},
      {R"("machine": {"field": "s", "moves": [{"from": ["x"], "to": "y", "label": {"zh": "去", "en": "Go"}}, {"from": ["x"], "to": "y", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/1", "there is a move from \"x\" to \"y\" already"},
      {R"("machine": {"field": "s", "moves": [{"from": ["x"], "to": "y", "needs": ["b"], "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/needs", "there is no field \"b\""},
      {R"("machine": {"field": "s", "moves": [{"from": ["x"], "to": "y", "roles": ["boss"], "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/roles", "there is no role \"boss\""},
      {R"("machine": {"field": "s", "moves": [{"from": ["x"], "to": "y", "then": ["call"], "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/then", "there is no task \"call\""},
      {R"("machine": {"field": "s", "moves": [{"from": ["x"], "to": "y", "guard": "b = 1", "label": {"zh": "去", "en": "Go"}}]})",
       "/machine/moves/0/guard", "\"b = 1\": there is no \"b\" here"},
  });
  check({
      {R"({"extends": "call", "fields": [{"name": "x", "no": 9, "type": "text", "merge": "guarded", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/merge", "a fact never changes: register, derived or compute"},
      {R"({"entity": "thing", "no": 9, "title": "a", "reference": true, "scopes": ["o"], "label": {"zh": "物", "en": "Thing"}, "fields": [{"name": "a", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}}, {"name": "o", "no": 2, "type": "ref:staff", "merge": "machine", "label": {"zh": "乙", "en": "O"}}]})",
       "/scopes", "reference data is for everybody"},
  });
}

TEST_CASE("faults of a mirror") {
  const auto tie = [](const char* mirror) {
    return std::string(R"({"entity": "tie", "no": 9, "aggregate": "customer", "title": "note",
      "label": {"zh": "关系", "en": "Tie"}, "mirror": )") +
           mirror + R"(, "fields": [
      {"name": "note", "no": 1, "type": "text", "label": {"zh": "甲", "en": "A"}},
      {"name": "other", "no": 2, "type": "ref:customer", "label": {"zh": "乙", "en": "B"}},
      {"name": "twin", "no": 3, "type": "ref:tie", "merge": "derived", "label": {"zh": "丙", "en": "C"}}]})";
  };
  const std::string good = tie(R"({"of": "twin", "to": "other", "fields": ["note"]})");
  CHECK(load_packs(std::vector<PackSource>{test::small_pack({{"x.json", good}})}).ok());
  for (const auto& [mirror, path, reason] :
       {std::tuple{R"({"of": "other", "to": "other"})", "/mirror/of", "names no derived ref:tie"},
        std::tuple{R"({"of": "twin", "to": "note"})", "/mirror/to",
                   "names no register ref:customer"},
        std::tuple{R"({"of": "twin", "to": "other", "fields": ["other"]})", "/mirror/fields",
                   "\"other\" is nothing a mirror repeats"},
        std::tuple{R"({"of": "twin", "to": "other", "fields": ["b"]})", "/mirror/fields",
                   "\"b\" is nothing a mirror repeats"}}) {
    const std::string json = tie(mirror);
    check({{json.c_str(), path, reason}});
  }
}

TEST_CASE("faults of expressions") {
  check_field({
      {R"~("type": "int", "check": "g > 0")~", "/check", R"("g > 0": there is no "g" here)"},
      {R"~("type": "int", "check": "f > 0; drop")~", "/check",
       R"("f > 0; drop": the character ; has no place in an expression)"},
      {R"~("type": "int", "check": "f > \"x\"")~", "/check",
       R"("f > "x"": the character " has no place in an expression)"},
      {R"~("type": "int", "check": "f > 0.5")~", "/check",
       R"("f > 0.5": numbers are whole: money is minor units, a percentage basis points)"},
      {R"~("type": "int", "check": "random() > f")~", "/check",
       R"("random() > f": there is no function "random")"},
      {R"~("type": "int", "check": "f in (select 1)")~", "/check",
       R"~("f in (select 1)": there is no "select" here)~"},
      {R"~("type": "int", "check": "(f > 0")~", "/check", R"~("(f > 0": a ( is not closed)~"},
      {R"~("type": "int", "check": "f) > (0")~", "/check", R"~("f) > (0": a ) closes nothing)~"},
      {R"~("type": "int", "check": "f > 'a")~", "/check", R"~("f > 'a": a ' is not closed)~"},
      {R"~("type": "int", "check": "f -- > 0")~", "/check", R"~("f -- > 0": no comments)~"},
      {R"~("type": "int", "check": "f > x'00'")~", "/check", R"~("f > x'00'": no blobs)~"},
      {R"~("type": "int", "check": "cast(f as real) > 0")~", "/check",
       R"~("cast(f as real) > 0": a cast makes an integer or a text)~"},
      {R"~("type": "int", "check": " ")~", "/check", R"~(" ": is empty)~"},
      {R"~("type": "int", "default": "f")~", "/default", R"~("f": there is no "f" here)~"},
  });
  const std::string long_one = "f > " + std::string(1000, ' ') + "0";
  const std::string keys = R"("type": "int", "check": ")" + long_one + "\"";
  const std::string json = field(keys);
  std::vector<PackError> errors;
  CHECK_FALSE(
      load_packs(std::vector<PackSource>{test::small_pack({{"x.json", json}})}, {}, &errors).ok());
  CHECK(errors[0].reason == "an expression has at most 1000 bytes");
}

TEST_CASE("faults of computed fields") {
  const auto computed = [](const char* a, const char* b) {
    return R"({"extends": "customer", "fields": [
      {"name": "a", "type": "int", "compute": ")" +
           std::string(a) +
           R"(", "label": {"zh": "甲", "en": "A"}},
      {"name": "b", "type": "int", "compute": ")" +
           b + R"(", "label": {"zh": "乙", "en": "B"}}]})";
  };
  CHECK(load_packs(std::vector<PackSource>{
                       test::small_pack({{"x.json", computed("length(name)", "a + 1").c_str()}})})
            .ok());
  check({
      {computed("a + 1", "1").c_str(), "/fields/0/compute", "\"a\" is computed from itself"},
      {computed("b + 1", "a + 1").c_str(), "/fields/0/compute", "\"a\" is computed from itself"},
      {computed("today", "1").c_str(), "/fields/0/compute",
       "\"today\": there is no \"today\" here"},
      {R"({"extends": "customer", "fields": [{"name": "a", "no": 9, "type": "int", "compute": "1", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/no", "a computed field has none"},
      {R"({"extends": "customer", "fields": [{"name": "a", "merge": "register", "type": "int", "compute": "1", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/merge", "a computed field has none"},
      {R"({"extends": "customer", "fields": [{"name": "a", "type": "blob", "compute": "1", "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/type", "a computed field is text, int, money, percent, bool, date or time"},
      {R"({"extends": "customer", "fields": [{"name": "a", "type": "int", "compute": "1", "required": true, "label": {"zh": "甲", "en": "A"}}]})",
       "/fields/0/compute", "a computed field is not required, checked, defaulted or searched"},
  });
}

TEST_CASE("faults of roles, grants and classes") {
  check({
      {R"({"role": "boss", "label": {"zh": "头", "en": "Boss"}, "scope": "world", "start": "today", "sees": ["staff"], "rights": {}})",
       "/scope", "\"world\" should be own, branch or all"},
      {R"({"role": "boss", "label": {"zh": "头", "en": "Boss"}, "scope": "all", "start": "moon", "sees": ["staff"], "rights": {}})",
       "/start", "\"moon\" should be today, customers or hq"},
      {R"({"role": "boss", "label": {"zh": "头", "en": "Boss"}, "scope": "all", "start": "hq", "sees": ["x"], "rights": {}})",
       "/sees", "there is no class of readers \"x\""},
      {R"({"role": "boss", "label": {"zh": "头", "en": "Boss"}, "scope": "all", "start": "hq", "rights": {}})",
       "/sees", "names no class of readers"},
      {R"({"role": "boss", "label": {"zh": "头", "en": "Boss"}, "scope": "all", "start": "hq", "sees": ["staff"]})",
       "/rights", "should be an object of entity and rights"},
      {R"({"role": "officer", "label": {"zh": "头", "en": "Boss"}, "scope": "all", "start": "hq", "sees": ["staff"], "rights": {}})",
       "/role", "\"officer\" is taken"},
      {R"({"grants": "boss", "rights": {"customer": "read"}})", "/grants",
       "there is no role \"boss\""},
      {R"({"grants": "officer", "rights": {"nobody": "read"}})", "/rights/nobody",
       "there is no entity \"nobody\""},
      {R"({"grants": "officer", "rights": {"customer": "read write"}})", "/rights/customer",
       "\"write\" should be read, create, update or delete"},
      {R"({"grants": "officer", "rights": {"customer": "update"}})", "/rights/customer",
       "who may write may read"},
      {R"({"grants": "officer", "rights": {"call": "read update"}})", "/rights/call",
       "a fact is only read and created"},
      {R"({"choice_list": "colour", "choices": [{"name": "x", "no": 1, "zh": "一", "en": "X"}]})",
       "/choice_list", "\"colour\" is taken"},
      {R"({"extends_list": "shade", "choices": [{"name": "x", "no": 1, "zh": "一", "en": "X"}]})",
       "/extends_list", "there is no choice list \"shade\""},
  });
}

TEST_CASE("faults of tasks and rules") {
  const auto rule = [](const std::string& keys) {
    return R"({"rule": "r", "label": {"zh": "规", "en": "Rule"}, )" + keys + "}";
  };
  check({
      {R"({"task": "t", "label": {"zh": "做", "en": "Do"}, "kind": "call"})", "/kind",
       "\"call\" is no choice of task.kind"},
      {R"({"task": "t", "label": {"zh": "做", "en": "Do"}, "days": -1})", "/days",
       "should be a whole number from 0 to 3660"},
      {rule(R"("then": [{"alert": {"zh": "看", "en": "Look"}}])").c_str(), "/when", "is missing"},
      {rule(R"("when": {}, "then": [{"alert": {"zh": "看", "en": "Look"}}])").c_str(), "/when",
       "should have one of created, changed, deleted"},
      {rule(R"("when": {"created": "nobody"}, "then": [{"alert": {"zh": "看", "en": "Look"}}])")
           .c_str(),
       "/when", "there is no entity \"nobody\""},
      {rule(R"("when": {"changed": "call"}, "then": [{"alert": {"zh": "看", "en": "Look"}}])")
           .c_str(),
       "/when", "a fact is only created"},
      {rule(
           R"("when": {"changed": "customer", "fields": ["x"]}, "then": [{"alert": {"zh": "看", "en": "Look"}}])")
           .c_str(),
       "/when/fields", "there is no field \"x\""},
      {rule(R"("when": {"created": "call"}, "then": [])").c_str(), "/then",
       "a rule does at least one thing"},
      {rule(R"("when": {"created": "call"}, "then": [{}])").c_str(), "/then/0",
       "does exactly one of task, set, alert, notice, block"},
      {rule(R"("when": {"created": "call"}, "then": [{"task": "gone"}])").c_str(), "/then/0/task",
       "there is no task \"gone\""},
      {rule(R"("when": {"created": "call"}, "then": [{"set": "text", "to": "'x'"}])").c_str(),
       "/then/0/set", "a rule sets registers and guarded fields only"},
      {rule(R"("when": {"created": "customer"}, "then": [{"set": "x", "to": "1"}])").c_str(),
       "/then/0/set", "there is no field \"x\""},
      {rule(R"("when": {"created": "customer"}, "then": [{"set": "name"}])").c_str(), "/then/0/to",
       "is missing"},
      {rule(
           R"("when": {"created": "customer"}, "if": "x = 1", "then": [{"block": {"zh": "停", "en": "Stop"}}])")
           .c_str(),
       "/if", "\"x = 1\": there is no \"x\" here"},
  });
}

TEST_CASE("faults of seeds") {
  check({
      {R"({"seed": "customer", "rows": [{"key": "a", "name": "x"}]})", "/rows/0",
       "\"customer\" is no reference entity"},
      {R"({"seed": "staff", "rows": [{"key": "a"}]})", "/rows/0/name", "is required"},
      {R"({"seed": "staff", "rows": [{"name": "x"}]})", "/rows/0/key", "is missing"},
      {R"({"seed": "staff", "rows": [{"key": "a", "name": 1}]})", "/rows/0/name",
       "should be a text that is not empty"},
      {R"({"seed": "staff", "rows": [{"key": "a", "name": "x", "age": 1}]})", "/rows/0/age",
       "is no key that is known here"},
      {R"({"seed": "staff", "rows": [{"key": "a", "name": "x"}, {"key": "a", "name": "y"}]})",
       "/rows/1/key", "\"a\" is taken"},
      {R"({"seed": "staff", "rows": [{"key": "a", "name": "x", "boss": "b"}]})", "/rows/0/boss",
       "there is no seed \"b\" of staff"},
  });
}

TEST_CASE("a seed row keeps its key, its values and its references") {
  const auto catalogue = load_packs(std::vector<PackSource>{test::small_pack(
      {{"x.json",
        R"({"seed": "staff", "rows": [{"key": "b", "name": "乙", "boss": "a"}, {"key": "a", "name": "甲"}]})"}})});
  REQUIRE(catalogue.ok());
  REQUIRE(catalogue->seeds().size() == 2);
  const Seed& seed = catalogue->seeds()[0];
  CHECK(seed.entity == "staff");
  CHECK(seed.key == "b");
  REQUIRE(seed.cells.size() == 2);
  CHECK(text_of(seed.cells[0].value) == "乙");
  CHECK(seed.cells[1].key == "a");
}

TEST_CASE("a rule and a task template are read whole") {
  const auto catalogue = load_packs(std::vector<PackSource>{test::small_pack({{"x.json", R"([
    {"task": "ring", "label": {"zh": "回电", "en": "Ring back"}, "days": 3},
    {"rule": "shut", "label": {"zh": "关了", "en": "Was shut"}, "on": false,
     "when": {"changed": "customer", "fields": ["state"]}, "if": "state = 'shut'",
     "then": [{"task": "ring"}, {"set": "name", "to": "name || '!'"}, {"block": {"zh": "停", "en": "Stop"}}]}])"}})});
  REQUIRE(catalogue.ok());
  REQUIRE(catalogue->rules().size() == 1);
  const Rule& rule = catalogue->rules()[0];
  CHECK(rule.event == Rule::Event::Changed);
  CHECK(rule.fields == std::vector<std::string>{"state"});
  CHECK_FALSE(rule.on);
  REQUIRE(rule.actions.size() == 3);
  CHECK(rule.actions[0].kind == Action::Kind::Task);
  CHECK(rule.actions[1].expression == "name || '!'");
  CHECK(rule.actions[2].text.en == "Stop");
  CHECK(catalogue->task_templates()[0].days == 3);
}

}  // namespace banyan
