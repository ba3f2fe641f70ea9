#include "shared/sync/carrier.h"

#include <algorithm>

namespace banyan::sync {
namespace {

constexpr std::string_view kMagic = "BNC1";
constexpr std::string_view kWaybill = "banyan-w0";
constexpr std::uint8_t kSealedBox = 1;  // X25519, XSalsa20-Poly1305
constexpr std::size_t kCheckBytes = 8;

// Finds accidents before a journey; what somebody does on purpose the seal shows.
Bytes check_of(ByteView in) {
  const Hash256 hash = hash256(in);
  return Bytes(hash.bytes.begin(), hash.bytes.begin() + kCheckBytes);
}

struct Parsed {
  ParcelLabel label;
  ByteView sealed;
  std::size_t size = 0;  // of the whole parcel
  bool whole = false;    // the check fits
};

// The parcel at the start of `in`; what follows it is left.
Result<Parsed> parse(ByteView in) {
  ByteReader reader(in);
  if (as_text(reader.raw(kMagic.size())) != kMagic) return fail(ErrorCode::Corrupt, "no parcel");
  const std::uint8_t version = reader.u8(), algorithm = reader.u8();
  if (reader.ok() && (version != kProtocolVersion || algorithm != kSealedBox)) {
    return fail(ErrorCode::Newer, "parcel of version " + std::to_string(version));
  }
  Parsed out;
  out.label.organisation = reader.u32();
  const std::uint8_t heading = reader.u8();
  if (heading > static_cast<std::uint8_t>(Heading::ToDevice)) reader.fail();
  out.label.heading = static_cast<Heading>(heading);
  out.label.device = DeviceId{reader.u32()};
  if (number(out.label.device) > kDeviceIdMax) reader.fail();
  const std::uint64_t size = reader.varint();
  if (reader.ok() && size > kParcelBytesMax) return fail(ErrorCode::TooLarge, "parcel");
  if (size < kSealedBoxOverhead) reader.fail();
  if (!reader.ok()) return fail(ErrorCode::Corrupt, "the label of a parcel");
  out.size = reader.position() + static_cast<std::size_t>(size) + kCheckBytes;
  if (out.size > kParcelBytesMax) return fail(ErrorCode::TooLarge, "parcel");
  out.sealed = reader.raw(static_cast<std::size_t>(size));
  const ByteView check = reader.raw(kCheckBytes);
  if (!reader.ok()) return fail(ErrorCode::Corrupt, "a parcel that is cut off");
  const Bytes expected = check_of(in.first(out.size - kCheckBytes));
  out.whole = std::equal(check.begin(), check.end(), expected.begin(), expected.end());
  return out;
}

Result<Parsed> parse_one(ByteView parcel) {
  TRY_ASSIGN(const Parsed parsed, parse(parcel));
  if (parsed.size != parcel.size() || !parsed.whole) {
    return fail(ErrorCode::Corrupt, "a damaged parcel");
  }
  return parsed;
}

}  // namespace

ParcelId parcel_id(ByteView parcel) {
  const Hash256 hash = hash256(parcel);
  ParcelId id;
  std::copy_n(hash.bytes.begin(), ParcelId::kSize, id.bytes.begin());
  return id;
}

Result<Bytes> seal_parcel(const ParcelLabel& label, const BoxPublicKey& to, ByteView content,
                          Random& random) {
  if (content.size() > kParcelBytesMax - kParcelOverhead) {
    return fail(ErrorCode::TooLarge, "parcel of " + std::to_string(content.size()) + " bytes");
  }
  TRY_ASSIGN(const Bytes sealed, seal(to, content, random));
  ByteWriter out;
  out.reserve(sealed.size() + kParcelOverhead);
  out.raw(as_bytes(kMagic));
  out.u8(kProtocolVersion);
  out.u8(kSealedBox);
  out.u32(label.organisation);
  out.u8(static_cast<std::uint8_t>(label.heading));
  out.u32(number(label.device));
  out.block(sealed);
  out.raw(check_of(out.view()));
  return out.take();
}

Result<ParcelLabel> peek_parcel(ByteView parcel) {
  TRY_ASSIGN(const Parsed parsed, parse_one(parcel));
  return parsed.label;
}

Result<Bytes> open_parcel(ByteView parcel, const BoxKey& key) {
  TRY_ASSIGN(const Parsed parsed, parse_one(parcel));
  return key.open(parsed.sealed);
}

ParcelFile split_parcels(ByteView file) {
  ParcelFile out;
  while (!file.empty()) {
    const Result<Parsed> parsed = parse(file);
    if (!parsed) {  // where the next one would begin is not known
      ++out.damaged;
      return out;
    }
    if (parsed->whole) {
      out.parcels.push_back(file.first(parsed->size));
    } else {
      ++out.damaged;
    }
    file = file.subspan(parsed->size);
  }
  return out;
}

Bytes encode_waybill(const Waybill& waybill) {
  ByteWriter out;
  out.raw(as_bytes(kWaybill));
  out.u32(number(waybill.device));
  out.u64(static_cast<std::uint64_t>(waybill.asked_ms));
  write_cursor(out, waybill.from);
  return out.take();
}

std::optional<Waybill> decode_waybill(ByteView challenge) {
  ByteReader reader(challenge);
  if (as_text(reader.raw(kWaybill.size())) != kWaybill) return std::nullopt;
  Waybill waybill;
  waybill.device = DeviceId{reader.u32()};
  waybill.asked_ms = static_cast<std::int64_t>(reader.u64());
  waybill.from = read_cursor(reader);
  if (!reader.finish("waybill").ok()) return std::nullopt;
  return waybill;
}

Cursor after_page(const Cursor& from, const Page& page, const PageNote& note) {
  Cursor to;
  to.epoch = page.epoch;
  if (page.reset) return to;
  to.base = page.complete ? page.pos : from.base;
  to.pos = page.pos;
  to.sub = note.sub;
  to.start = note.start;
  to.pos_hash = page.pos_hash;
  to.resume = page.resume;
  return to;
}

}  // namespace banyan::sync
