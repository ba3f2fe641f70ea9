#include "shared/sync/signed_request.h"

#include <optional>

#include "shared/crypto/hash.h"
#include "shared/sync/protocol.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kSignedAs = "banyan-h0";
constexpr std::string_view kParameter = "auth=";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Base 64 for addresses (RFC 4648, 5), without padding.
std::string to_base64url(ByteView in) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const std::uint8_t byte : in) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) out += kBase64Digits[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += kBase64Digits[held << (6 - bits) & 63];
  return out;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  Bytes out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(held >> bits & 0xFF));
  }
  const bool clean = bits < 6 && (held & ((1U << bits) - 1)) == 0;
  return clean ? std::optional(std::move(out)) : std::nullopt;
}

Bytes message(std::string_view method, std::string_view target, ByteView body, DeviceId device,
              ByteView challenge) {
  ByteWriter out;
  out.raw(as_bytes(kSignedAs));
  out.u32(number(device));
  out.block(challenge);
  out.block(method);
  out.block(target);
  out.raw(hash256(body).view());
  return out.take();
}

}  // namespace

std::string sign_target(std::string_view method, std::string_view target, ByteView body,
                        DeviceId device, ByteView challenge, const SigningKey& key) {
  ByteWriter token;
  token.u32(number(device));
  token.block(challenge);
  token.raw(key.sign(message(method, target, body, device, challenge)).view());
  const bool first = target.find('?') == std::string_view::npos;
  std::string out(target);
  out += first ? '?' : '&';
  return out.append(kParameter).append(to_base64url(token.view()));
}

Result<SignedTarget> split_target(std::string_view target) {
  const auto at = target.rfind(kParameter);
  if (at == std::string_view::npos || at == 0 || (target[at - 1] != '?' && target[at - 1] != '&')) {
    return fail(ErrorCode::Refused, "the request is not signed");
  }
  const auto token = from_base64url(target.substr(at + kParameter.size()));
  if (!token) return fail(ErrorCode::Corrupt, "the request's token is no base 64");
  ByteReader reader(*token);
  SignedTarget out;
  out.target = target.substr(0, at - 1);
  out.device = DeviceId{reader.u32()};
  const ByteView challenge = reader.block(kChallengeMax);
  out.challenge.assign(challenge.begin(), challenge.end());
  const ByteView signature = reader.raw(Signature::kSize);
  TRY(reader.finish("request token"));
  TRY_ASSIGN(out.signature, Signature::from(signature));
  return out;
}

bool verify_target(std::string_view method, const SignedTarget& signed_target, ByteView body,
                   const VerifyKey& key) {
  const Bytes signed_bytes =
      message(method, signed_target.target, body, signed_target.device, signed_target.challenge);
  return verify(key, signed_bytes, signed_target.signature);
}

}  // namespace banyan::sync
