// How a device that was copied gets a number of its own. Two copies of one tablet have one
// number and one chain; when both have written, the chains part, and the copy whose commits the
// server does not have under that number asks for a new one: POST /v0/rekey, signed with the
// key that both have. It shows its chain; the server says up to where that is also its own. What
// comes after is signed again under the new number, unchanged. PROTOCOL.md has the bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/sync/enrol.h"
#include "shared/sync/store.h"

namespace banyan::sync {

inline constexpr std::size_t kRekeyHashesMax = 1U << 16;
inline constexpr std::size_t kRekeyBytesMax = (kRekeyHashesMax * AckHash::kSize) + (4U << 10);

struct RekeyRequest {
  VerifyKey sign_key;  // the new ones, made on the device; the same in every attempt
  BoxPublicKey box_key;
  std::uint64_t first = 1;      // number of the oldest own commit that is still here
  std::vector<AckHash> hashes;  // of the chain at `first` and on, to the newest
  std::uint64_t last() const { return first + hashes.size() - 1; }
  bool operator==(const RekeyRequest&) const = default;
};
// The device's own chain as it is shown. `store` keeps at least the newest acknowledged commit.
Result<RekeyRequest> make_rekey_request(DeviceStore& store, const SigningKey& sign_key,
                                        const BoxPublicKey& box_key);
// `key` is the new one; its public half is sign_key.
Bytes encode_rekey_request(const RekeyRequest& request, const SigningKey& key);
// Corrupt, TooLarge or Newer; Refused when the sender does not hold sign_key.
Result<RekeyRequest> decode_rekey_request(ByteView in);

// The newest commit that the chain of `device` and the one shown have in common. Invalid when
// what is shown does not begin where the server's chain can be compared.
Result<std::uint64_t> common_commit(ChangeStore& store, const DeviceRecord& device,
                                    const RekeyRequest& request);

struct RekeyReply {
  NewNumber number;      // number.device is the old one when nothing had parted
  EnrolReply enrolment;  // under the new number
  bool operator==(const RekeyReply&) const = default;
};
Bytes encode_rekey_reply(const RekeyReply& reply, const SigningKey& organisation);
// Refused when it is not signed by the organisation.
Result<RekeyReply> decode_rekey_reply(ByteView in, const VerifyKey& organisation);

}  // namespace banyan::sync
