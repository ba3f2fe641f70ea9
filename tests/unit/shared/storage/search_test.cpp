// People are found as one types, and what was found says why.
#include "shared/storage/search.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "shared/platform/memory_page_store.h"

using namespace banyan;

namespace {

struct People {
  People() {
    DatabaseOptions options;
    options.store = &store;
    options.name = "a.db";
    db = Database::open(std::move(options)).value();
    index = SearchIndex::open(*db).value();
    put(1, "王桂兰", {"13800138000", "11010519491231002X"});
    put(2, "欧阳晓棠", {"13900139001"});
    put(3, "单桂芳", {});
    put(4, "Anna Novotna", {"608 123 456"});
    put(5, "柳溪农机合作社", {"91350100M000100Y43"}, false);
  }

  void put(std::int64_t id, const char* name, std::vector<std::string> numbers,
           bool person = true) {
    REQUIRE(index->put({RowId{id}, name, person, std::move(numbers)}).ok());
  }

  std::vector<std::int64_t> found(std::string_view typed) {
    std::vector<std::int64_t> out;
    const std::vector<RowId> ids = index->find(typed, 100).value();
    for (const RowId id : ids) out.push_back(number(id));
    std::sort(out.begin(), out.end());
    return out;
  }

  MemoryPageStore store;
  std::unique_ptr<Database> db;
  std::optional<SearchIndex> index;
};

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a part of the name, pinyin, initials and the end of a number find a person [R2]") {
  People p;
  CHECK(p.found("桂") == Ids{1, 3});
  CHECK(p.found("桂兰") == Ids{1});
  CHECK(p.found("兰桂").empty());
  CHECK(p.found("wangguilan") == Ids{1});
  CHECK(p.found("wangg") == Ids{1});
  CHECK(p.found("gui") == Ids{1, 3});
  CHECK(p.found("WGL") == Ids{1});
  CHECK(p.found("oyxt") == Ids{2});
  CHECK(p.found("8000") == Ids{1});
  CHECK(p.found("002x") == Ids{1});
  CHECK(p.found("123456") == Ids{4});
  CHECK(p.found("nov") == Ids{4});
  CHECK(p.found("ljhzs").empty());
  CHECK(p.found("lxnj") == Ids{5});
  CHECK(p.found("王 8000") == Ids{1});
}

TEST_CASE("a surname is read as surnames are") {
  People p;
  CHECK(p.found("shanguifang") == Ids{3});
  CHECK(p.found("danguifang").empty());
}

TEST_CASE("what is changed is found anew, and what is removed no more") {
  People p;
  p.put(1, "李桂兰", {"13800138000"});
  CHECK(p.found("wgl").empty());
  CHECK(p.found("lgl") == Ids{1});
  CHECK(p.found("002x").empty());
  REQUIRE(p.index->remove(RowId{1}).ok());
  CHECK(p.found("桂兰").empty());
  REQUIRE(p.index->clear().ok());
  CHECK(p.found("欧阳").empty());
}

TEST_CASE("no question is an error, whatever is typed") {
  People p;
  for (const char* typed :
       {"", " ", "\"", "* OR han:", "')--", "^", "-", "NEAR(", "\xFF\xC0", "😀"}) {
    CAPTURE(typed);
    CHECK(p.index->find(typed, 100).ok());
  }
  CHECK(p.index->find(std::string(100'000, 'a'), 100).ok());
}

TEST_CASE("the part of a name that answers is the part that was typed") {
  const auto part = [](std::string_view name, std::string_view typed) {
    return std::string(SearchIndex::part_of(name, true, typed));
  };
  CHECK(part("王桂兰", "wgl") == "王桂兰");
  CHECK(part("王桂兰", "wg") == "王桂");
  CHECK(part("王桂兰", "GL") == "桂兰");
  CHECK(part("王桂兰", "guil") == "桂兰");
  CHECK(part("王桂兰", "gui") == "桂");
  CHECK(part("王桂兰", "兰") == "兰");
  CHECK(part("单桂芳", "shang") == "单桂");
  CHECK(part("王桂兰", "8000").empty());
  CHECK(part("王桂兰", "王 8000").empty());
  CHECK(part("王桂兰", "zzz").empty());
  CHECK(part("", "wgl").empty());
  // Of what the index finds by a name or its sounds, a part always answers.
  People p;
  for (const char* typed : {"桂", "gui", "w", "oy", "nov", "x"}) {
    const Ids ids = p.found(typed);
    for (const std::int64_t id : ids) {
      const char* names[] = {"", "王桂兰", "欧阳晓棠", "单桂芳", "Anna Novotna", "柳溪农机合作社"};
      CAPTURE(typed);
      CAPTURE(id);
      CHECK_FALSE(SearchIndex::part_of(names[id], id != 5, typed).empty());
    }
  }
}
