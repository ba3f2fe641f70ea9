#include "shared/sync/signed_request.h"

#include <doctest/doctest.h>

#include "shared/crypto/init.h"

namespace banyan::sync {
namespace {

TEST_CASE("[T29] a signed request holds for its method, path and body, and for no other") {
  REQUIRE(crypto_init().ok());
  SeededRandom random(3);
  const SigningKey key = SigningKey::generate(random);
  const Bytes challenge(56, 7);
  const Bytes body{1, 2, 3};
  for (const std::string target : {"/v0/ticket", "/v0/chunk/ab?offset=0&size=3"}) {
    CAPTURE(target);
    const std::string sent = sign_target("PUT", target, body, DeviceId{9}, challenge, key);
    const auto read = split_target(sent);
    REQUIRE(read.ok());
    CHECK(read->target == target);
    CHECK(read->device == DeviceId{9});
    CHECK(read->challenge == challenge);
    CHECK(verify_target("PUT", *read, body, key.verify_key()));
    CHECK_FALSE(verify_target("GET", *read, body, key.verify_key()));
    CHECK_FALSE(verify_target("PUT", *read, Bytes{1, 2, 4}, key.verify_key()));
    SignedTarget other = *read;
    other.target = "/v0/arrivals";
    CHECK_FALSE(verify_target("PUT", other, body, key.verify_key()));
    other = *read;
    other.device = DeviceId{10};
    CHECK_FALSE(verify_target("PUT", other, body, key.verify_key()));
  }
}

TEST_CASE("what is no token is refused, never read past its end") {
  for (const char* target : {"/v0/ticket", "/v0/ticket?auth=", "/v0/ticket?auth=AAAA",
                             "/v0/ticket?auth=!!!!", "/v0/ticket?xauth=AAAA", "auth=AAAA", ""}) {
    CAPTURE(target);
    CHECK_FALSE(split_target(target).ok());
  }
}

}  // namespace
}  // namespace banyan::sync
