// Parcels: what a device and headquarters say to each other when it travels by a
// USB stick, by QR codes or through another tablet, for weeks if need be.
//
// A carrier can delay, repeat, reorder and lose parcels; it cannot read, alter or
// make one. Inside is an ordinary request or reply (protocol.h). Its challenge is a
// waybill: no server gives such a challenge, so that a carried message is none for
// the network and a network's message is none in a parcel. PROTOCOL.md has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/ids.h"
#include "shared/changelog/page.h"
#include "shared/crypto/box.h"
#include "shared/sync/protocol.h"

namespace banyan::sync {

// Sealed, with its label. The longest request fits.
inline constexpr std::size_t kParcelBytesMax = kRequestBytesMax;
inline constexpr std::size_t kParcelOverhead = 40 + kSealedBoxOverhead;  // at most
// Of all pages that answer one request; the device asks for the rest.
inline constexpr std::size_t kAnswerBytesMax = 16U << 20;
// A file of parcels, one after another.
inline constexpr std::size_t kParcelFileBytesMax = 64U << 20;

enum class Heading : std::uint8_t { ToHeadquarters = 0, ToDevice = 1 };

// What a carrier can read. Nothing in it is proved before the parcel is open.
struct ParcelLabel {
  std::uint32_t organisation = 0;
  Heading heading{};
  DeviceId device{};  // whose work it is, or for whom
  bool operator==(const ParcelLabel&) const = default;
};

// Tells two parcels apart: of every byte.
using ParcelId = FixedBytes<16, struct ParcelIdTag>;
ParcelId parcel_id(ByteView parcel);

// TooLarge for content that no parcel holds, Invalid for an unusable key.
Result<Bytes> seal_parcel(const ParcelLabel& label, const BoxPublicKey& to, ByteView content,
                          Random& random);

// The label of exactly one whole parcel. Corrupt, TooLarge or Newer.
Result<ParcelLabel> peek_parcel(ByteView parcel);
// The content. Locked when it was not sealed for `key`, or was changed on the way.
Result<Bytes> open_parcel(ByteView parcel, const BoxKey& key);

// The whole parcels of a file, in order, as views into it. What is damaged is counted
// and left out.
struct ParcelFile {
  std::vector<ByteView> parcels;
  std::size_t damaged = 0;
};
ParcelFile split_parcels(ByteView file);

// ---- in the place of the challenge

// Whose exchange it is, and where the device stands: a page is taken exactly when the
// device stands where the page was asked from. So an answer may come at any time, in
// any order and any number of times.
struct Waybill {
  DeviceId device{};
  std::int64_t asked_ms = 0;  // by the device's clock, when it made the request
  Cursor from;
  bool operator==(const Waybill&) const = default;
};
Bytes encode_waybill(const Waybill& waybill);
// Nothing for a challenge, or anything else that is no waybill.
std::optional<Waybill> decode_waybill(ByteView challenge);

// Where a device stands that has taken this page.
Cursor after_page(const Cursor& from, const Page& page, const PageNote& note);

}  // namespace banyan::sync
