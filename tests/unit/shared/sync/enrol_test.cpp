#include "shared/sync/enrol.h"

#include <doctest/doctest.h>

#include "shared/crypto/init.h"

namespace banyan::sync {
namespace {

struct Fixture {
  Fixture() { REQUIRE(crypto_init().ok()); }
  SeededRandom random{11};
  SigningKey device = SigningKey::generate(random);
  SigningKey bank = SigningKey::generate(random);
  BoxKey box = BoxKey::generate(random);

  EnrolReply reply() {
    EnrolReply r;
    r.organisation = 77;
    r.organisation_name = "青禾农商行";
    r.organisation_key = bank.verify_key();
    r.server_box = box.public_key();
    r.device = DeviceId{12};
    r.user = RowId{3'000'000};
    r.role = "officer";
    r.catalogue = 4;
    r.now_ms = 1'800'000'000'000;
    r.lease = {r.device, r.user, r.now_ms, r.now_ms + 1000};
    return r;
  }
};

TEST_CASE("a code is read as people write it, and nothing else is a code") {
  SeededRandom random(5);
  const std::string code = make_enrol_code(random);
  CHECK(code.size() == 19);
  CHECK(make_enrol_code(random) != code);
  const auto plain = plain_enrol_code(code);
  REQUIRE(plain.ok());
  CHECK(plain->size() == 16);
  CHECK(*plain_enrol_code(*plain) == *plain);
  CHECK(*plain_enrol_code("ilo0 1abc-defg-hjkm") ==
        "1100"
        "1ABC"
        "DEFG"
        "HJKM");
  for (const char* bad : {"", "ABCD", "ABCD-ABCD-ABCD-ABC", "ABCD-ABCD-ABCD-ABCDE",
                          "ABCD-ABCD-ABCD-ABC!", "ABCD-ABCD-ABCD-ABCU"}) {
    CAPTURE(bad);
    CHECK_FALSE(plain_enrol_code(bad).ok());
  }
}

TEST_CASE("a link carries its code and the organisation's fingerprint") {
  Fixture f;
  const EnrolLink link{"ABCDEFGH12345678", key_fingerprint(f.bank.verify_key())};
  const auto read = parse_fragment("#" + to_fragment(link));
  REQUIRE(read.ok());
  CHECK(read->code == link.code);
  CHECK(read->fingerprint == link.fingerprint);
  CHECK(parse_fragment("enrol=ABCD-EFGH-1234-5678")->fingerprint.empty());
  CHECK_FALSE(parse_fragment("ABCD-EFGH-1234-5678").ok());
  CHECK_FALSE(parse_fragment("enrol=ABCD-EFGH-1234-5678.12").ok());
}

TEST_CASE("[T29] an enrolment request is read back, and no byte of it can be changed") {
  Fixture f;
  const EnrolRequest request{"ABCDEFGH12345678", f.device.verify_key(), f.box.public_key()};
  const Bytes bytes = encode_enrol_request(request, f.device);
  const auto read = decode_enrol_request(bytes);
  REQUIRE(read.ok());
  CHECK(*read == request);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= 1;
    CHECK_FALSE(decode_enrol_request(changed).ok());
    CHECK_FALSE(decode_enrol_request(ByteView(bytes).first(i)).ok());
  }
  // Signed with another key than it names: somebody else's key cannot be enrolled.
  CHECK_FALSE(decode_enrol_request(encode_enrol_request(request, f.bank)).ok());
}

TEST_CASE("[T29] an enrolment reply is the organisation's, or it is nothing") {
  Fixture f;
  const EnrolReply reply = f.reply();
  const Bytes bytes = encode_enrol_reply(reply, f.bank);
  const std::string fingerprint = key_fingerprint(f.bank.verify_key());
  const auto read = decode_enrol_reply(bytes, fingerprint);
  REQUIRE(read.ok());
  CHECK(*read == reply);
  CHECK(decode_enrol_reply(bytes, "").ok());
  CHECK(decode_enrol_reply(bytes, "0000000000000000").error().code == ErrorCode::Refused);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= 0x40;
    CHECK_FALSE(decode_enrol_reply(changed, fingerprint).ok());
    CHECK_FALSE(decode_enrol_reply(ByteView(bytes).first(i), fingerprint).ok());
  }
  CHECK_FALSE(decode_enrol_reply(encode_enrol_reply(reply, f.device), "").ok());
}

TEST_CASE("[T29] a catalogue that the organisation has not signed is refused") {
  Fixture f;
  const CatalogueReply reply{77, 4, "{\"base\":{}}"};
  const Bytes bytes = encode_catalogue(reply, f.bank);
  const auto read = decode_catalogue(bytes, f.bank.verify_key());
  REQUIRE(read.ok());
  CHECK(*read == reply);
  CHECK_FALSE(decode_catalogue(bytes, f.device.verify_key()).ok());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= 0x80;
    CHECK_FALSE(decode_catalogue(changed, f.bank.verify_key()).ok());
  }
}

}  // namespace
}  // namespace banyan::sync
