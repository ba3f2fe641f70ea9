#include "shared/changelog/page.h"

#include <algorithm>

#include "shared/changelog/compress.h"
#include "shared/changelog/page_body.h"

namespace banyan {
namespace {

constexpr std::string_view kMagic = "BNP";
constexpr std::string_view kSignedAs = "banyan-p1";
constexpr std::uint8_t kVersion = 0;
constexpr std::uint8_t kAlgorithm = 1;  // BLAKE2b-256, Ed25519
constexpr std::uint8_t kZstd = 1, kComplete = 2, kReset = 4;
constexpr std::size_t kHeaderSize = 182;

template <class Fixed>
Fixed take(ByteReader& in) {
  Fixed out;
  const ByteView bytes = in.raw(Fixed::kSize);
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

void put_header(const Page& page, std::uint8_t flags, ByteWriter& out) {
  out.raw(as_bytes(kMagic));
  out.u8(kVersion);
  out.u8(kAlgorithm);
  out.u8(flags);
  out.u32(page.organisation);
  out.u32(page.catalogue);
  out.u32(number(page.device));
  out.raw(page.scopes.view());
  out.u32(page.epoch);
  out.u64(page.from);
  out.u64(page.base);
  out.u64(page.pos);
  out.raw(page.pos_hash.view());
  out.u64(page.horizon);
  out.u64(static_cast<std::uint64_t>(page.now_ms));
  out.u64(page.stable);
  out.u64(page.acked);
  out.raw(page.acked_hash.view());
}

void get_header(ByteReader& in, Page& page, std::uint8_t& flags) {
  flags = in.u8();
  page.organisation = in.u32();
  page.catalogue = in.u32();
  page.device = DeviceId{in.u32()};
  page.scopes = take<ScopeHash>(in);
  page.epoch = in.u32();
  page.from = in.u64();
  page.base = in.u64();
  page.pos = in.u64();
  page.pos_hash = take<OrderHash>(in);
  page.horizon = in.u64();
  page.now_ms = static_cast<std::int64_t>(in.u64());
  page.stable = in.u64();
  page.acked = in.u64();
  page.acked_hash = take<AckHash>(in);
  page.complete = (flags & kComplete) != 0;
  page.reset = (flags & kReset) != 0;
}

// What is signed: the name of the format and the hash of every other byte.
Bytes message_of(ByteView header, ByteView body) {
  ByteWriter out;
  out.raw(as_bytes(kSignedAs));
  out.raw(hash256({header, body}).view());
  return out.take();
}

}  // namespace

Result<Bytes> encode_page(const Page& page, const SigningKey& key) {
  std::vector<std::size_t> cuts;
  TRY_ASSIGN(const Bytes plain, wire::pack_page(page, cuts));
  if (plain.size() > kPageSizeMax - kHeaderSize) {
    return fail(ErrorCode::TooLarge, "page: " + std::to_string(plain.size()) + " bytes");
  }
  const Bytes packed = compress(plain, cuts);
  const bool smaller = packed.size() < plain.size();
  const Bytes& body = smaller ? packed : plain;
  ByteWriter out;
  put_header(page,
             static_cast<std::uint8_t>((smaller ? kZstd : 0) | (page.complete ? kComplete : 0) |
                                       (page.reset ? kReset : 0)),
             out);
  const Signature signature = key.sign(message_of(out.view(), body));
  out.raw(signature.view());
  out.raw(body);
  return out.take();
}

Result<Page> decode_page(ByteView in, const VerifyKey& key) {
  if (in.size() > kPageSizeMax) {
    return fail(ErrorCode::TooLarge, "page: " + std::to_string(in.size()) + " bytes");
  }
  if (in.size() < kHeaderSize || as_text(in.first(kMagic.size())) != kMagic) {
    return fail(ErrorCode::Corrupt, "not a page");
  }
  ByteReader reader(in);
  reader.raw(kMagic.size());
  if (reader.u8() != kVersion || reader.u8() != kAlgorithm) {
    return fail(ErrorCode::Newer, "page: version or algorithm");
  }
  Page page;
  std::uint8_t flags = 0;
  get_header(reader, page, flags);
  const ByteView header = in.first(reader.position());
  const Signature signature = take<Signature>(reader);
  ByteView body = in.subspan(reader.position());
  if (!verify(key, message_of(header, body), signature)) {
    return fail(ErrorCode::Corrupt, "page: not what the organisation signed");
  }
  if ((flags & ~(kZstd | kComplete | kReset)) != 0 || number(page.device) > kDeviceIdMax) {
    return fail(ErrorCode::Corrupt, "page: header out of range");
  }
  Bytes unpacked;
  if ((flags & kZstd) != 0) {
    TRY_ASSIGN(unpacked, decompress(body, kPageSizeMax));
    body = unpacked;
  }
  TRY(wire::unpack_page(body, page));
  return page;
}

}  // namespace banyan
