#include "shared/sync/enrol.h"

#include <utility>

#include "shared/sync/signed_message.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeDigits = 16;
constexpr std::size_t kNameMax = 200;

constexpr std::string_view kRequestName = "banyan-e0";
constexpr std::string_view kReplyName = "banyan-e1";
constexpr std::string_view kLeaseName = "banyan-l0";
constexpr std::string_view kCatalogueName = "banyan-k0";

char plain_digit(char typed) {
  if (typed >= 'a' && typed <= 'z') typed = static_cast<char>(typed - 'a' + 'A');
  if (typed == 'O') return '0';
  if (typed == 'I' || typed == 'L') return '1';
  return typed;
}

Bytes lease_bytes(const EnrolReply& reply) {
  ByteWriter out;
  out.raw(as_bytes(kLeaseName));
  out.u32(reply.organisation);
  out.u32(number(reply.lease.device));
  out.u64(static_cast<std::uint64_t>(number(reply.lease.user)));
  out.u64(static_cast<std::uint64_t>(reply.lease.issued_ms));
  out.u64(static_cast<std::uint64_t>(reply.lease.not_after_ms));
  return out.take();
}

}  // namespace

std::string make_enrol_code(Random& random) {
  std::string code;
  for (std::size_t i = 0; i < kCodeDigits; ++i) {
    if (i > 0 && i % 4 == 0) code += '-';
    code += kAlphabet[static_cast<std::size_t>(random.below(kAlphabet.size()))];
  }
  return code;
}

Result<std::string> plain_enrol_code(std::string_view typed) {
  std::string plain;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char digit = plain_digit(c);
    if (kAlphabet.find(digit) == std::string_view::npos) {
      return fail(ErrorCode::Invalid, "a code has digits and letters only");
    }
    plain += digit;
  }
  if (plain.size() != kCodeDigits) return fail(ErrorCode::Invalid, "a code has 16 characters");
  return plain;
}

std::string to_fragment(const EnrolLink& link) {
  std::string text = "enrol=" + link.code;
  if (!link.fingerprint.empty()) text += "." + link.fingerprint;
  return text;
}

Result<EnrolLink> parse_fragment(std::string_view fragment) {
  constexpr std::string_view kStart = "enrol=";
  if (!fragment.empty() && fragment.front() == '#') fragment.remove_prefix(1);
  if (fragment.substr(0, kStart.size()) != kStart) {
    return fail(ErrorCode::Invalid, "not an enrolment link");
  }
  fragment.remove_prefix(kStart.size());
  const auto dot = fragment.find('.');
  EnrolLink link;
  TRY_ASSIGN(link.code, plain_enrol_code(fragment.substr(0, dot)));
  if (dot == std::string_view::npos) return link;
  link.fingerprint = std::string(fragment.substr(dot + 1));
  TRY_ASSIGN(const Bytes bytes, from_hex(link.fingerprint));
  if (bytes.size() != 8) return fail(ErrorCode::Invalid, "a fingerprint has 16 digits");
  return link;
}

std::string key_fingerprint(const VerifyKey& key) {
  return to_hex(hash256(key.view()).view().first(8));
}

Bytes encode_enrol_request(const EnrolRequest& request, const SigningKey& key) {
  ByteWriter out;
  start_message(out);
  out.block(request.code);
  out.raw(request.sign_key.view());
  out.raw(request.box_key.view());
  return close_message(std::move(out), kRequestName, key);
}

Result<EnrolRequest> decode_enrol_request(ByteView in) {
  TRY_ASSIGN(const OpenMessage message, open_message(in, kEnrolBytesMax, "enrolment request"));
  ByteReader reader(message.body);
  EnrolRequest request;
  request.code = std::string(reader.text(64));
  request.sign_key = reader.take<VerifyKey>();
  request.box_key = reader.take<BoxPublicKey>();
  TRY(reader.finish("enrolment request"));
  if (!message.signed_by(request.sign_key, kRequestName)) {
    return fail(ErrorCode::Refused, "enrolment request is not signed by its own key");
  }
  return request;
}

Bytes encode_enrol_reply(const EnrolReply& reply, const SigningKey& organisation) {
  ByteWriter out;
  start_message(out);
  out.u32(reply.organisation);
  out.block(reply.organisation_name);
  out.raw(reply.organisation_key.view());
  out.raw(reply.server_box.view());
  out.u32(number(reply.device));
  out.u64(static_cast<std::uint64_t>(number(reply.user)));
  out.block(reply.role);
  out.u32(reply.catalogue);
  out.u32(reply.epoch);
  out.u64(reply.head);
  out.u64(static_cast<std::uint64_t>(reply.now_ms));
  out.u64(static_cast<std::uint64_t>(reply.lease.issued_ms));
  out.u64(static_cast<std::uint64_t>(reply.lease.not_after_ms));
  out.raw(organisation.sign(lease_bytes(reply)).view());
  return close_message(std::move(out), kReplyName, organisation);
}

Result<EnrolReply> decode_enrol_reply(ByteView in, std::string_view fingerprint) {
  TRY_ASSIGN(const OpenMessage message, open_message(in, kEnrolBytesMax, "enrolment reply"));
  ByteReader reader(message.body);
  EnrolReply reply;
  reply.organisation = reader.u32();
  reply.organisation_name = std::string(reader.text(kNameMax));
  reply.organisation_key = reader.take<VerifyKey>();
  reply.server_box = reader.take<BoxPublicKey>();
  reply.device = DeviceId{reader.u32()};
  reply.user = RowId{static_cast<std::int64_t>(reader.u64())};
  reply.role = std::string(reader.text(kNameMax));
  reply.catalogue = reader.u32();
  reply.epoch = reader.u32();
  reply.head = reader.u64();
  reply.now_ms = static_cast<std::int64_t>(reader.u64());
  reply.lease = {reply.device, reply.user, static_cast<std::int64_t>(reader.u64()),
                 static_cast<std::int64_t>(reader.u64())};
  const auto lease_signature = reader.take<Signature>();
  TRY(reader.finish("enrolment reply"));
  if (number(reply.device) > kDeviceIdMax || number(reply.user) <= 0) {
    return fail(ErrorCode::Corrupt, "enrolment reply has impossible numbers");
  }
  if (!fingerprint.empty() && key_fingerprint(reply.organisation_key) != fingerprint) {
    return fail(ErrorCode::Refused, "another organisation's key than the link says");
  }
  const VerifyKey& key = reply.organisation_key;
  if (!message.signed_by(key, kReplyName) || !verify(key, lease_bytes(reply), lease_signature)) {
    return fail(ErrorCode::Refused, "enrolment reply is not signed by the organisation");
  }
  return reply;
}

Bytes encode_catalogue(const CatalogueReply& reply, const SigningKey& organisation) {
  ByteWriter out;
  start_message(out);
  out.u32(reply.organisation);
  out.u32(reply.number);
  out.block(reply.packs);
  return close_message(std::move(out), kCatalogueName, organisation);
}

Result<CatalogueReply> decode_catalogue(ByteView in, const VerifyKey& organisation) {
  TRY_ASSIGN(const OpenMessage message, open_message(in, kCatalogueBytesMax, "catalogue"));
  if (!message.signed_by(organisation, kCatalogueName)) {
    return fail(ErrorCode::Refused, "the catalogue is not signed by the organisation");
  }
  ByteReader reader(message.body);
  CatalogueReply reply;
  reply.organisation = reader.u32();
  reply.number = reader.u32();
  reply.packs = std::string(reader.text(kCatalogueBytesMax));
  TRY(reader.finish("catalogue"));
  return reply;
}

}  // namespace banyan::sync
