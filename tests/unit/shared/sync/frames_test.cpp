// A file in front of a camera: frames that are missed, repeated, mixed up or not ours.
#include "shared/sync/frames.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "shared/crypto/init.h"
#include "shared/platform/random.h"
#include "tests/unit/golden.h"

namespace banyan::sync {
namespace {

Bytes content_of(std::size_t size, std::uint64_t seed = 1) {
  REQUIRE(crypto_init().ok());
  SeededRandom random(seed);
  Bytes out(size);
  random.fill(out);
  return out;
}

// How many frames were shown until a camera that misses `missed` of 100 had everything.
std::uint64_t shown(const FrameSeries& series, const Bytes& content, std::uint64_t missed,
                    std::uint64_t seed) {
  SeededRandom camera(seed);
  FrameReader reader;
  for (std::uint64_t n = 0; n < 50 * series.parts() + 50; ++n) {
    if (camera.below(100) < missed) continue;
    REQUIRE(reader.take(series.frame(n)).ok());
    if (!reader.content()) continue;
    CHECK(*reader.content() == content);
    return n + 1;
  }
  FAIL("never whole");
  return 0;
}

}  // namespace

TEST_CASE("files of every size come through, and without loss in one turn") {
  for (const std::size_t size : {1U, 2U, 479U, 480U, 481U, 960U, 961U, 5'000U, 100'000U}) {
    CAPTURE(size);
    const Bytes content = content_of(size);
    const FrameSeries series = FrameSeries::make(content).value();
    CHECK(shown(series, content, 0, 1) == series.parts());
    CHECK(shown(series, content, 30, 2) >= series.parts());
  }
}

TEST_CASE("what a camera misses is soon made up for, where repeating alone takes twice as long") {
  const Bytes content = content_of(200 * kFramePartMax);
  const FrameSeries series = FrameSeries::make(content).value();
  REQUIRE(series.parts() == 200);
  std::uint64_t sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) sum += shown(series, content, 20, seed);
  CHECK(sum / 10 < 2 * series.parts());  // 1.6; with plain repetition 3.7
}

TEST_CASE("a reader may begin anywhere, and in any order") {
  const Bytes content = content_of(30'000);
  const FrameSeries series = FrameSeries::make(content).value();
  SUBCASE("late") {
    FrameReader reader;
    std::uint64_t n = 5'000;
    while (!reader.content() && n < 9'000) REQUIRE(reader.take(series.frame(n++)).ok());
    CHECK(reader.content() == content);
  }
  SUBCASE("backwards, each twice") {
    FrameReader reader;
    for (std::size_t n = series.parts(); n-- > 0;) {
      CHECK(reader.take(series.frame(n)).value());
      CHECK_FALSE(reader.take(series.frame(n)).value());
    }
    CHECK(reader.content() == content);
  }
}

TEST_CASE("progress rises, and another series begins anew") {
  const FrameSeries one = FrameSeries::make(content_of(3'000, 1)).value();
  const Bytes content = content_of(3'000, 2);
  const FrameSeries two = FrameSeries::make(content).value();
  FrameReader reader;
  CHECK(reader.parts() == 0);
  REQUIRE(reader.take(one.frame(0)).ok());
  REQUIRE(reader.take(one.frame(1)).ok());
  CHECK(reader.known() == 2);
  REQUIRE(reader.take(two.frame(3)).ok());
  CHECK(reader.known() == 1);
  CHECK(reader.parts() == two.parts());
  for (std::uint64_t n = 0; n < two.parts(); ++n) REQUIRE(reader.take(two.frame(n)).ok());
  CHECK(reader.content() == content);
}

TEST_CASE("other codes are no frames, and a forged one does no lasting harm") {
  FrameReader reader;
  for (const std::string text :
       {"", "BN0:", "https://bank.example/", "BN0:!!!", "BN0:00000000", "BN1:0000", "BN0:ABC"}) {
    CAPTURE(text);
    CHECK_FALSE(reader.take(text).ok());
  }
  const Bytes content = content_of(2'000);
  const FrameSeries series = FrameSeries::make(content).value();
  std::string forged = series.frame(1);
  forged.back() = forged.back() == '0' ? '1' : '0';
  std::string cut = series.frame(1);
  cut.resize(cut.size() - 3);
  CHECK_FALSE(reader.take(cut).ok());
  // It may claim to be part 1; then the whole does not fit its hash and is read once more.
  const bool taken = reader.take(forged).ok();
  for (std::uint64_t n = 0; n < series.parts(); ++n) (void)reader.take(series.frame(n));
  if (taken) CHECK_FALSE(reader.content().has_value());
  for (std::uint64_t n = 0; n < series.parts(); ++n) (void)reader.take(series.frame(n));
  CHECK(reader.content() == content);
}

TEST_CASE("nothing and too much are no series") {
  CHECK(FrameSeries::make({}).error().code == ErrorCode::Invalid);
  CHECK(FrameSeries::make(Bytes(kFramedBytesMax + 1)).error().code == ErrorCode::TooLarge);
  CHECK(FrameSeries::make(Bytes(kFramedBytesMax)).ok());
}

TEST_CASE("frames have the bytes that were written down") {
  const FrameSeries series = FrameSeries::make(content_of(2'000)).value();
  REQUIRE(series.parts() == 5);
  for (const auto& [name, number] : {std::pair{"frame_part", 2}, std::pair{"frame_mixed", 17}}) {
    const std::string frame = series.frame(static_cast<std::uint64_t>(number));
    CHECK(frame.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") ==
          std::string::npos);
    test::check_golden(name, as_bytes(frame));
    test::check_seed(std::string("frames/golden_") + name, as_bytes(frame));
  }
}

}  // namespace banyan::sync
