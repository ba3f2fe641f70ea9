#include "shared/sync/enrol.h"

#include <utility>

#include "shared/sync/protocol.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeDigits = 16;
constexpr std::size_t kNameMax = 200;

constexpr std::string_view kRequestName = "banyan-e0";
constexpr std::string_view kReplyName = "banyan-e1";
constexpr std::string_view kLeaseName = "banyan-l0";
constexpr std::string_view kCatalogueName = "banyan-k0";

// Signed messages are: body, then the signature over name and body.
Bytes name_and_body(std::string_view name, ByteView body) {
  ByteWriter out;
  out.raw(as_bytes(name));
  out.raw(body);
  return out.take();
}

Bytes close(ByteWriter&& body, std::string_view name, const SigningKey& key) {
  const Signature signature = key.sign(name_and_body(name, body.view()));
  body.raw(signature.view());
  return body.take();
}

struct Opened {
  ByteView body;
  Signature signature;
};
Result<Opened> open(ByteView in, std::size_t size_max) {
  if (in.size() > size_max) return fail(ErrorCode::TooLarge, "enrolment message");
  if (in.size() < Signature::kSize + 2) return fail(ErrorCode::Corrupt, "enrolment message");
  TRY_ASSIGN(Signature signature, Signature::from(in.last(Signature::kSize)));
  const ByteView body = in.first(in.size() - Signature::kSize);
  if (body[0] != kProtocolVersion || body[1] != kAlgorithm) {
    return fail(ErrorCode::Newer, "enrolment message of version " + std::to_string(body[0]));
  }
  return Opened{body, signature};
}

void start(ByteWriter& out) {
  out.u8(kProtocolVersion);
  out.u8(kAlgorithm);
}

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
  start(out);
  out.block(request.code);
  out.raw(request.sign_key.view());
  out.raw(request.box_key.view());
  return close(std::move(out), kRequestName, key);
}

Result<EnrolRequest> decode_enrol_request(ByteView in) {
  TRY_ASSIGN(const Opened opened, open(in, kEnrolBytesMax));
  ByteReader reader(opened.body.subspan(2));
  EnrolRequest request;
  request.code = std::string(reader.text(64));
  request.sign_key = reader.take<VerifyKey>();
  request.box_key = reader.take<BoxPublicKey>();
  TRY(reader.finish("enrolment request"));
  if (!verify(request.sign_key, name_and_body(kRequestName, opened.body), opened.signature)) {
    return fail(ErrorCode::Refused, "enrolment request is not signed by its own key");
  }
  return request;
}

Bytes encode_enrol_reply(const EnrolReply& reply, const SigningKey& organisation) {
  ByteWriter out;
  start(out);
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
  return close(std::move(out), kReplyName, organisation);
}

Result<EnrolReply> decode_enrol_reply(ByteView in, std::string_view fingerprint) {
  TRY_ASSIGN(const Opened opened, open(in, kEnrolBytesMax));
  ByteReader reader(opened.body.subspan(2));
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
  if (!verify(key, name_and_body(kReplyName, opened.body), opened.signature) ||
      !verify(key, lease_bytes(reply), lease_signature)) {
    return fail(ErrorCode::Refused, "enrolment reply is not signed by the organisation");
  }
  return reply;
}

Bytes encode_catalogue(const CatalogueReply& reply, const SigningKey& organisation) {
  ByteWriter out;
  start(out);
  out.u32(reply.organisation);
  out.u32(reply.number);
  out.block(reply.packs);
  return close(std::move(out), kCatalogueName, organisation);
}

Result<CatalogueReply> decode_catalogue(ByteView in, const VerifyKey& organisation) {
  TRY_ASSIGN(const Opened opened, open(in, kCatalogueBytesMax));
  if (!verify(organisation, name_and_body(kCatalogueName, opened.body), opened.signature)) {
    return fail(ErrorCode::Refused, "the catalogue is not signed by the organisation");
  }
  ByteReader reader(opened.body.subspan(2));
  CatalogueReply reply;
  reply.organisation = reader.u32();
  reply.number = reader.u32();
  reply.packs = std::string(reader.text(kCatalogueBytesMax));
  TRY(reader.finish("catalogue"));
  return reply;
}

}  // namespace banyan::sync
