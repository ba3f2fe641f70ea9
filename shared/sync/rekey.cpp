#include "shared/sync/rekey.h"

#include <algorithm>

#include "shared/sync/signed_message.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kRekeyName = "banyan-f0";
constexpr std::string_view kRekeyedName = "banyan-f1";
constexpr std::size_t kEveryByte = ~std::size_t{0};

}  // namespace

Result<RekeyRequest> make_rekey_request(DeviceStore& store, const SigningKey& sign_key,
                                        const BoxPublicKey& box_key) {
  RekeyRequest request;
  request.sign_key = sign_key.verify_key();
  request.box_key = box_key;
  TRY_ASSIGN(const DeviceState state, store.state());
  const std::uint64_t before = state.last - std::min<std::uint64_t>(state.last, kRekeyHashesMax);
  TRY_ASSIGN(const auto own, store.own_after(before, kEveryByte));
  request.first = own.empty() ? state.last + 1 : own.front().dseq;
  for (const ChainedCommit& commit : own) request.hashes.push_back(ack_hash(commit.hash));
  return request;
}

Bytes encode_rekey_request(const RekeyRequest& request, const SigningKey& key) {
  ByteWriter out;
  start_message(out);
  out.raw(request.sign_key.view());
  out.raw(request.box_key.view());
  out.varint(request.first);
  out.varint(request.hashes.size());
  for (const AckHash& hash : request.hashes) out.raw(hash.view());
  return close_message(std::move(out), kRekeyName, key);
}

Result<RekeyRequest> decode_rekey_request(ByteView in) {
  TRY_ASSIGN(const OpenMessage message,
             open_message(in, kRekeyBytesMax, "request for a new number"));
  ByteReader reader(message.body);
  RekeyRequest request;
  request.sign_key = reader.take<VerifyKey>();
  request.box_key = reader.take<BoxPublicKey>();
  request.first = reader.varint();
  const std::uint64_t count = reader.varint();
  if (count * AckHash::kSize > reader.left() || count > kRekeyHashesMax || request.first == 0 ||
      request.first > kPendingSeq) {
    reader.fail();
  } else {
    request.hashes.resize(static_cast<std::size_t>(count));
  }
  for (AckHash& hash : request.hashes) reader.take(hash);
  TRY(reader.finish("request for a new number"));
  if (!message.signed_by(request.sign_key, kRekeyName)) {
    return fail(ErrorCode::Refused, "request for a new number is not signed by the new key");
  }
  return request;
}

// Equal hashes at one commit mean equal commits up to it, so the end can be halved in on.
Result<std::uint64_t> common_commit(ChangeStore& store, const DeviceRecord& device,
                                    const RekeyRequest& request) {
  const std::uint64_t last = std::min(request.last(), device.head);
  std::uint64_t low = request.first - 1;  // held by a backup: both have it
  if (low > device.head) return fail(ErrorCode::Invalid, "the server's chain ends before this one");
  for (std::uint64_t high = last; low < high;) {
    const std::uint64_t middle = high - (high - low) / 2;
    TRY_ASSIGN(const Hash256 theirs, store.chain_hash(device.id, middle));
    const bool equal =
        ack_hash(theirs) == request.hashes[static_cast<std::size_t>(middle - request.first)];
    (equal ? low : high) = equal ? middle : middle - 1;
  }
  return low;
}

Bytes encode_rekey_reply(const RekeyReply& reply, const SigningKey& organisation) {
  ByteWriter out;
  start_message(out);
  out.u32(number(reply.number.former));
  out.u32(number(reply.number.device));
  out.varint(reply.number.common);
  out.varint(reply.number.common_seq);
  out.block(encode_enrol_reply(reply.enrolment, organisation));
  return close_message(std::move(out), kRekeyedName, organisation);
}

Result<RekeyReply> decode_rekey_reply(ByteView in, const VerifyKey& organisation) {
  TRY_ASSIGN(const OpenMessage message, open_message(in, 2 * kEnrolBytesMax, "new number"));
  if (!message.signed_by(organisation, kRekeyedName)) {
    return fail(ErrorCode::Refused, "new number is not signed by the organisation");
  }
  ByteReader reader(message.body);
  RekeyReply reply;
  reply.number.former = DeviceId{reader.u32()};
  reply.number.device = DeviceId{reader.u32()};
  reply.number.common = reader.varint();
  reply.number.common_seq = reader.varint();
  const ByteView enrolment = reader.block(kEnrolBytesMax);
  TRY(reader.finish("new number"));
  TRY_ASSIGN(reply.enrolment, decode_enrol_reply(enrolment, key_fingerprint(organisation)));
  if (reply.enrolment.device != reply.number.device) {
    return fail(ErrorCode::Corrupt, "new number and enrolment differ");
  }
  return reply;
}

}  // namespace banyan::sync
