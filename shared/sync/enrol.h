// How a device joins: the one-time code, the two messages of POST /v0/enrol, and
// the reply of GET /v0/catalogue. Pure; PROTOCOL.md has the bytes.
//
// The device makes both keys itself and proves that it holds the signing key. It
// learns the organisation's key here and never believes another one afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/crypto/box.h"
#include "shared/crypto/hash.h"
#include "shared/crypto/sign.h"

namespace banyan::sync {

inline constexpr std::size_t kEnrolBytesMax = 4U << 10;
inline constexpr std::size_t kCatalogueBytesMax = 8U << 20;

// 80 random bits as "K7QD-9M2X-0ABC-4RST" (Crockford's base 32: no I, L, O, U).
std::string make_enrol_code(Random& random);
// As a person types it: any case, O for 0, I and L for 1, with or without
// hyphens and blanks. The 16 plain characters; Invalid for anything else.
Result<std::string> plain_enrol_code(std::string_view typed);

// What the QR carries behind '#', which no browser sends to a server:
// "enrol=CODE.FINGERPRINT". The fingerprint is optional when a code is typed.
struct EnrolLink {
  std::string code;         // plain
  std::string fingerprint;  // key_fingerprint() of the organisation; may be empty
};
std::string to_fragment(const EnrolLink& link);
Result<EnrolLink> parse_fragment(std::string_view fragment);
// The first 8 bytes of the key's hash, in hexadecimal.
std::string key_fingerprint(const VerifyKey& key);

struct EnrolRequest {
  std::string code;
  VerifyKey sign_key;
  BoxPublicKey box_key;
  bool operator==(const EnrolRequest&) const = default;
};
// `key` is the new device's; its public half is sign_key.
Bytes encode_enrol_request(const EnrolRequest& request, const SigningKey& key);
// Corrupt, TooLarge or Newer; Refused when the sender does not hold sign_key.
Result<EnrolRequest> decode_enrol_request(ByteView in);

// For how long the device may be used without contact. Signed by the organisation.
struct Lease {
  DeviceId device{};
  RowId user{};
  std::int64_t issued_ms = 0;  // the server's time
  std::int64_t not_after_ms = 0;
  bool operator==(const Lease&) const = default;
};

struct EnrolReply {
  std::uint32_t organisation = 0;
  std::string organisation_name;
  VerifyKey organisation_key;
  BoxPublicKey server_box;
  DeviceId device{};
  RowId user{};  // staff row of the person
  std::string role;
  std::uint32_t catalogue = 0;
  std::uint32_t epoch = 0;  // where the log stands: the device's first commits have seen this
  std::uint64_t head = 0;
  std::int64_t now_ms = 0;
  Lease lease;
  bool operator==(const EnrolReply&) const = default;
};
Bytes encode_enrol_reply(const EnrolReply& reply, const SigningKey& organisation);
// Refused when it is not signed by the key inside it, or when that key is not the
// one of `fingerprint` (empty: any).
Result<EnrolReply> decode_enrol_reply(ByteView in, std::string_view fingerprint);

// All packs as one canonical JSON text, with the number the server gave them.
struct CatalogueReply {
  std::uint32_t organisation = 0;
  std::uint32_t number = 0;
  std::string packs;  // canonical_packs(); split_packs() is the way back
  bool operator==(const CatalogueReply&) const = default;
};
Bytes encode_catalogue(const CatalogueReply& reply, const SigningKey& organisation);
Result<CatalogueReply> decode_catalogue(ByteView in, const VerifyKey& organisation);

}  // namespace banyan::sync
