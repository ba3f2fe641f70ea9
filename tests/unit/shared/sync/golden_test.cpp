#include "tests/unit/golden.h"

#include "shared/crypto/init.h"
#include "shared/sync/attachments.h"
#include "shared/sync/carrier.h"
#include "shared/sync/enrol.h"
#include "shared/sync/history.h"
#include "shared/sync/protocol.h"
#include "shared/sync/receipt.h"
#include "shared/sync/rekey.h"
#include "shared/sync/signed_request.h"

namespace banyan::sync {
namespace {

using test::check_golden;
using test::golden;

constexpr std::int64_t kNoon = 1'756'700'000'000;

// One message of each kind in which no field is empty.
struct Messages {
  Messages() { REQUIRE(crypto_init().ok()); }

  SeededRandom random{1};
  const SigningKey device = SigningKey::generate(random), bank = SigningKey::generate(random);
  const BoxKey box = BoxKey::generate(random);

  const Bytes challenge = Bytes(56, 0xC5);
  const Request request{DeviceId{57},
                        7,
                        3,
                        0x0123456789ABCDEF,
                        challenge,
                        {2, 900, 1'000, 0x5EED, 1'200, OrderHash{{{0x11}}},
                         PagePlace{RowId{77}, 1'000, 12, RowId{78}}},
                        40,
                        42,
                        AckHash{{{0x22}}},
                        262'144,
                        500,
                        true,
                        {Bytes{12, 13}},
                        {Bytes{1, 2, 3}, Bytes{4, 5}}};
  const Reply reply{ReplyStatus::Ok,
                    7,
                    3,
                    0x0123456789ABCDEF,
                    kNoon,
                    challenge,
                    {{PushStatus::Ok, {}}, {PushStatus::Rejected, ErrorCode::Corrupt}},
                    42,
                    true,
                    41,
                    {{hash256(Bytes{1}), Bytes{6, 7, 8}}},
                    Bytes{9, 10},
                    {0x5EED, 1'200, 17, {{41, 1'201, 2}}, {{42, kLate}}, {Bytes{11}}}};
  const EnrolRequest enrol{"ABCDEFGH12345678", device.verify_key(), box.public_key()};
  const EnrolReply enrolled{7,
                            "青禾农商行",
                            bank.verify_key(),
                            box.public_key(),
                            DeviceId{57},
                            RowId{3'000'000},
                            "officer",
                            3,
                            0x5EED,
                            1'200,
                            kNoon,
                            {DeviceId{57}, RowId{3'000'000}, kNoon, kNoon + 1'000}};
  const RekeyRequest rekey{device.verify_key(),
                           box.public_key(),
                           40,
                           {ack_hash(hash256(Bytes{1})), ack_hash(hash256(Bytes{2}))}};
  const RekeyReply rekeyed{{DeviceId{12}, DeviceId{57}, 40, 1'100}, enrolled};
  const CatalogueReply catalogue{7, 3, R"({"base":{}})"};
  const ParcelLabel label{7, Heading::ToDevice, DeviceId{57}};
  const Waybill waybill{DeviceId{57}, kNoon, request.cursor};
  const Receipt receipt{
      7,
      {DeviceId{57}, 42, 1},
      6,
      RowId{3'000'001},
      0x5EED,
      1'203,
      kNoon,
      {{2, Value{std::int64_t{1}}, Value{std::int64_t{2}}}, {8, {}, Value{RowId{3'000'002}}}}};
  const History history{
      RowId{3'000'001},
      1'200,
      900,
      {{1'100,
        DeviceId{57},
        41,
        kNoon,
        0x5EED,
        1'050,
        kLate,
        {3,
         0x5EEC,
         2,
         1'050,
         3'000'000,
         RowId{3'000'001},
         {{1, Op::Update, RowId{3'000'001}, 1, {{4, Value{std::string("13800138000")}, {}}}}}}}},
      {{DeviceId{57}, {{DeviceId{12}, 1'000}}}}};
  const std::string target = "/v0/chunk/ab?offset=0&size=3";
  const Bytes body{1, 2, 3};
};

TEST_CASE("requests and replies have the bytes that were written down [W1]") {
  const Messages m;
  check_golden("request", encode_request(m.request, m.device));
  check_golden("reply", encode_reply(m.reply, m.bank));
  check_golden("enrol", encode_enrol_request(m.enrol, m.device));
  check_golden("enrolled", encode_enrol_reply(m.enrolled, m.bank));
  check_golden("rekey", encode_rekey_request(m.rekey, m.device));
  check_golden("rekeyed", encode_rekey_reply(m.rekeyed, m.bank));
  check_golden("catalogue", encode_catalogue(m.catalogue, m.bank));
  check_golden("signed_target",
               as_bytes(sign_target("PUT", m.target, m.body, DeviceId{57}, m.challenge, m.device)));
  check_golden("receipt", encode_receipt(m.receipt, m.bank));
  check_golden("history", encode_history(m.history, m.bank));
  check_golden("chunk_state", encode_chunk_state({300'000, true}));
  check_golden("waybill", encode_waybill(m.waybill));
  SeededRandom seal{2};
  check_golden("parcel", seal_parcel(m.label, m.box.public_key(), m.body, seal).value());
}

TEST_CASE("golden requests and replies are read as what they were made from [W1]") {
  const Messages m;
  CHECK(decode_request(golden("request")).value() == m.request);
  CHECK(verify_request(golden("request"), m.device.verify_key()));
  CHECK(decode_reply(golden("reply"), m.bank.verify_key()).value() == m.reply);
  CHECK(decode_enrol_request(golden("enrol")).value() == m.enrol);
  CHECK(decode_enrol_reply(golden("enrolled"), key_fingerprint(m.bank.verify_key())).value() ==
        m.enrolled);
  CHECK(decode_rekey_request(golden("rekey")).value() == m.rekey);
  CHECK(decode_rekey_reply(golden("rekeyed"), m.bank.verify_key()).value() == m.rekeyed);
  CHECK(decode_catalogue(golden("catalogue"), m.bank.verify_key()).value() == m.catalogue);
  CHECK(decode_history(golden("history"), m.bank.verify_key()).value() == m.history);
  CHECK(decode_chunk_state(golden("chunk_state")).value() == ChunkState{300'000, true});
  CHECK(decode_waybill(golden("waybill")).value() == m.waybill);
  CHECK(peek_parcel(golden("parcel")).value() == m.label);
  CHECK(open_parcel(golden("parcel"), m.box).value() == m.body);
  const Bytes signed_bytes = golden("signed_target");
  const SignedTarget target = split_target(as_text(signed_bytes)).value();
  CHECK(target.target == m.target);
  CHECK(target.challenge == m.challenge);
  CHECK(verify_target("PUT", target, m.body, m.device.verify_key()));
}

TEST_CASE("[T29] a request or a reply that was cut or changed anywhere is refused") {
  const Messages m;
  const auto refused = [&](ByteView request, ByteView reply) {
    const bool read = decode_request(request).ok();
    CHECK_FALSE((read && verify_request(request, m.device.verify_key())));
    CHECK_FALSE(decode_reply(reply, m.bank.verify_key()).ok());
  };
  const Bytes request = golden("request"), reply = golden("reply");
  for (std::size_t at = 0; at < std::max(request.size(), reply.size()); ++at) {
    Bytes other_request = request, other_reply = reply;
    other_request[at % request.size()] ^= 0x10;
    other_reply[at % reply.size()] ^= 0x10;
    refused(other_request, other_reply);
    refused(ByteView(request).first(at % request.size()), ByteView(reply).first(at % reply.size()));
  }
}

TEST_CASE("fuzzers start from whole messages") {
  char which = 0;
  for (const char* name :
       {"reply", "catalogue", "enrolled", "rekeyed", "history", "receipt", "enrol", "rekey"}) {
    const Bytes whole = golden(name);  // its signature is made anew: fuzz/signed.cpp
    Bytes seed{static_cast<std::uint8_t>(which++)};
    seed.insert(seed.end(), whole.begin(), whole.end() - Signature::kSize);
    test::check_seed(std::string("signed/golden_") + name, seed);
  }
  for (const char* name : {"request", "enrol", "rekey", "signed_target"}) {
    test::check_seed(std::string("request/golden_") + name, golden(name));
  }
  for (const char* name : {"parcel", "waybill"}) {
    test::check_seed(std::string("carried/golden_") + name, golden(name));
  }
}

}  // namespace
}  // namespace banyan::sync
