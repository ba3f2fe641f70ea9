#include "shared/base/place.h"

#include <doctest/doctest.h>

namespace banyan {

TEST_CASE("a place keeps its micro-degrees in every quarter of the earth") {
  for (const Place place : {Place{30'241'234, 120'151'234}, Place{-33'868'820, 151'209'290},
                            Place{40'712'776, -74'005'974}, Place{-90'000'000, -180'000'000},
                            Place{90'000'000, 180'000'000}, Place{0, 0}, Place{-1, -1}}) {
    CHECK(place_of(cell_of(place)) == place);
  }
}

TEST_CASE("a cell that holds no place on earth is none") {
  CHECK_FALSE(place_of(cell_of({90'000'001, 0})));
  CHECK_FALSE(place_of(cell_of({0, -180'000'001})));
  CHECK_FALSE(place_of(INT64_MAX));
  CHECK_FALSE(place_of(INT64_MIN));
}

}  // namespace banyan
