#include "shared/storage/recent_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "shared/platform/random.h"

namespace banyan {
namespace {

TEST_CASE("recent rows are those of the whole log, or not known") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    RecentRows recent(40);
    CHECK(!recent.after(0, RowId{1}, 1));  // not begun
    recent.begin(100);
    // Entity, row, newest sequence of every row that was ever written.
    std::map<std::pair<RowId, std::pair<std::uint32_t, RowId>>, std::uint64_t> log;
    std::size_t known = 0, unknown = 0;
    for (std::uint64_t seq = 101; seq < 400; ++seq) {
      const RowId aggregate{static_cast<std::int64_t>(1 + random.below(5))};
      for (std::uint64_t i = random.below(3); i != ~0ULL; --i) {
        const std::uint32_t entity = 1 + static_cast<std::uint32_t>(random.below(3));
        const RowId row{static_cast<std::int64_t>(number(aggregate) * 100 + 1) +
                        static_cast<std::int64_t>(random.below(4))};
        recent.note(aggregate, entity, row, seq);
        log[{aggregate, {entity, row}}] = seq;
      }
      const std::uint64_t after = 100 + random.below(seq - 99);
      const std::uint32_t entity = 1 + static_cast<std::uint32_t>(random.below(3));
      const auto rows = recent.after(after, aggregate, entity);
      if (!rows) {
        ++unknown;
        continue;
      }
      ++known;
      std::vector<RowId> want;
      for (const auto& [key, newest] : log) {
        if (key.first == aggregate && key.second.first == entity && newest > after) {
          want.push_back(key.second.second);
        }
      }
      CHECK(*rows == want);
    }
    CHECK(known > 10);
    CHECK(unknown > 10);
    CHECK(recent.after(399, RowId{1}, 1)->empty());
    CHECK(!recent.after(100, RowId{1}, 1));
  }
}

TEST_CASE("rows are found in whatever order the writes of one bundle are noted") {
  RecentRows recent(10);
  recent.begin(100);
  recent.note(RowId{1}, 3, RowId{12}, 105);
  recent.note(RowId{1}, 3, RowId{11}, 101);
  CHECK(*recent.after(103, RowId{1}, 3) == std::vector<RowId>{RowId{12}});
}

}  // namespace
}  // namespace banyan
