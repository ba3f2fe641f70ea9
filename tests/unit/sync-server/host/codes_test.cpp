#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "shared/crypto/init.h"
#include "sync-server/host/admission.h"
#include "sync-server/host/enrol_codes.h"
#include "tests/support/fake_clock.h"

namespace banyan::server {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("banyan-codes-" + std::to_string(::getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
};

TEST_CASE("a code is good once, for its person, until its time is over") {
  REQUIRE(crypto_init().ok());
  const Folder folder;
  test::FakeClock clock{1'000'000};
  SeededRandom random(1);
  EnrolCodes codes(folder.path, clock);
  const auto code = codes.make(RowId{42}, 10'000, random);
  const auto late = codes.make(RowId{43}, 10'000, random);
  REQUIRE(code.ok());
  REQUIRE(late.ok());
  const auto user = codes.use(*code);
  REQUIRE(user.ok());
  CHECK(*user == RowId{42});
  CHECK(codes.use(*code).error().code == ErrorCode::Refused);
  clock.advance_ms(10'001);
  CHECK(codes.use(*late).error().code == ErrorCode::Refused);
  CHECK(codes.use("ABCD-EFGH-1234-5678").error().code == ErrorCode::Refused);
  // One message for every cause.
  CHECK(codes.use(*code).error().detail == codes.use("nonsense").error().detail);
}

TEST_CASE("the folder of codes shows no code, and forgets old ones") {
  const Folder folder;
  test::FakeClock clock{1'000'000};
  SeededRandom random(2);
  EnrolCodes codes(folder.path, clock);
  const auto code = codes.make(RowId{42}, 10'000, random);
  REQUIRE(code.ok());
  for (const auto& entry : fs::directory_iterator(folder.path)) {
    CHECK(entry.path().filename().string().find(code->substr(0, 4)) == std::string::npos);
    CHECK(fs::status(entry.path()).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
  clock.advance_ms(10'001);
  REQUIRE(codes.tidy().ok());
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a rate allows its burst, then its rate, each key for itself") {
  test::FakeClock clock;
  RateLimit limit(60, 3, clock);
  for (int i = 0; i < 3; ++i) CHECK(limit.allow("a"));
  CHECK_FALSE(limit.allow("a"));
  CHECK(limit.allow("b"));
  CHECK(limit.wait_s("a") == 1);
  clock.advance_ms(999);
  CHECK_FALSE(limit.has("a"));
  clock.advance_ms(1);
  CHECK(limit.allow("a"));
  CHECK_FALSE(limit.allow("a"));
  clock.advance_ms(3'600'000);
  CHECK(limit.allow("a", 3));  // never more than the burst
  CHECK_FALSE(limit.allow("a"));
}

TEST_CASE("keys that rest are forgotten, so a flood of names costs no memory for long") {
  test::FakeClock clock;
  RateLimit limit(6'000, 1, clock);
  for (int i = 0; i < 100'000; ++i) {
    if (i % 1000 == 0) clock.advance_ms(20);
    CHECK(limit.allow("key" + std::to_string(i)));
  }
}

TEST_CASE("[T40] a ticket is good once, and for 30 seconds") {
  test::FakeClock clock(1'700'000'000'000);
  SeededRandom random(4);
  MacKey key = MacKey::generate(random);
  Tickets tickets(key.duplicate(), clock);
  const std::string first = tickets.give(DeviceId{5}), second = tickets.give(DeviceId{5});
  CHECK(first.size() == 32);
  CHECK(first != second);
  CHECK(tickets.take(first) == DeviceId{5});
  CHECK_FALSE(tickets.take(first).has_value());
  CHECK_FALSE(tickets.take("").has_value());
  clock.advance_ms(Tickets::kLifeMs + 2);  // the second one was made a millisecond later
  CHECK_FALSE(tickets.take(second).has_value());
}

TEST_CASE("[T40] a ticket of another process of the bank is good, of somebody else it is not") {
  test::FakeClock clock;
  SeededRandom random(4);
  MacKey key = MacKey::generate(random);
  Tickets one(key.duplicate(), clock), other(key.duplicate(), clock);
  Tickets stranger(MacKey::generate(random), clock);
  const std::string ticket = one.give(DeviceId{kDeviceIdMax});
  CHECK(other.take(ticket) == DeviceId{kDeviceIdMax});
  CHECK_FALSE(other.take(ticket).has_value());
  CHECK_FALSE(one.take(stranger.give(DeviceId{5})).has_value());
  for (std::size_t at = 0; at < 32; ++at) {
    std::string bad = one.give(DeviceId{5});
    bad[at] = bad[at] == '0' ? '1' : '0';
    CHECK_FALSE(one.take(bad).has_value());
  }
}

}  // namespace
}  // namespace banyan::server
