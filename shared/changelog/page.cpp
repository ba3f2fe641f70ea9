#include "shared/changelog/page.h"

#include <algorithm>

#include "shared/changelog/columns.h"
#include "shared/changelog/compress.h"
#include "shared/changelog/page_body.h"

namespace banyan {
namespace {

constexpr std::string_view kPageMagic = "BNP";
constexpr std::string_view kPageSignedAs = "banyan-p1";
constexpr std::uint8_t kPageVersion = 0;
constexpr std::uint8_t kPageAlgorithm = 1;  // BLAKE2b-256, Ed25519
constexpr std::uint8_t kPageZstd = 1, kPageComplete = 2, kPageReset = 4;
constexpr std::size_t kPageHeaderSize = 182;

void put_header(const Page& page, std::uint8_t flags, ByteWriter& out) {
  out.raw(as_bytes(kPageMagic));
  out.u8(kPageVersion);
  out.u8(kPageAlgorithm);
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
  page.scopes = in.take<ScopeHash>();
  page.epoch = in.u32();
  page.from = in.u64();
  page.base = in.u64();
  page.pos = in.u64();
  page.pos_hash = in.take<OrderHash>();
  page.horizon = in.u64();
  page.now_ms = static_cast<std::int64_t>(in.u64());
  page.stable = in.u64();
  page.acked = in.u64();
  page.acked_hash = in.take<AckHash>();
  page.complete = (flags & kPageComplete) != 0;
  page.reset = (flags & kPageReset) != 0;
}

// What is signed: the name of the format and the hash of every other byte.
Bytes message_of(ByteView header, ByteView body) {
  ByteWriter out;
  out.raw(as_bytes(kPageSignedAs));
  out.raw(hash256({header, body}).view());
  return out.take();
}

}  // namespace

void put_place(const std::optional<PagePlace>& place, ByteWriter& out) {
  out.u8(place ? 1 : 0);
  if (!place) return;
  out.u64(wire::raw_id(place->aggregate));
  out.varint(place->key);
  out.varint(place->entity);
  out.u64(wire::raw_id(place->row));
}

std::optional<PagePlace> get_place(ByteReader& in) {
  const std::uint8_t present = in.u8();
  if (present > 1) in.fail();
  if (present != 1) return std::nullopt;
  PagePlace place;
  place.aggregate = RowId{static_cast<std::int64_t>(in.u64())};
  place.key = in.varint();
  place.entity = wire::get_u32(in, kEntityMax);
  place.row = RowId{static_cast<std::int64_t>(in.u64())};
  return place;
}

Result<PageBody> encode_page_body(const Page& page) {
  std::vector<std::size_t> cuts;
  TRY_ASSIGN(Bytes plain, wire::pack_page(page, cuts));
  if (plain.size() > kPageSizeMax - kPageHeaderSize) {
    return fail(ErrorCode::TooLarge, "page: " + std::to_string(plain.size()) + " bytes");
  }
  Bytes packed = compress(plain, cuts);
  const bool smaller = packed.size() < plain.size();
  return PageBody{smaller ? std::move(packed) : std::move(plain), smaller};
}

Status decode_page_body(ByteView bytes, bool zstd, Page& page) {
  if (!zstd) return wire::unpack_page(bytes, page);
  TRY_ASSIGN(const Bytes unpacked, decompress(bytes, kPageSizeMax));
  return wire::unpack_page(unpacked, page);
}

Bytes encode_page(const Page& header, const PageBody& body, const SigningKey& key) {
  ByteWriter out;
  put_header(header,
             static_cast<std::uint8_t>((body.zstd ? kPageZstd : 0) |
                                       (header.complete ? kPageComplete : 0) |
                                       (header.reset ? kPageReset : 0)),
             out);
  const Signature signature = key.sign(message_of(out.view(), body.bytes));
  out.raw(signature.view());
  out.raw(body.bytes);
  return out.take();
}

Result<Bytes> encode_page(const Page& page, const SigningKey& key) {
  TRY_ASSIGN(const PageBody body, encode_page_body(page));
  return encode_page(page, body, key);
}

Result<Page> decode_page(ByteView in, const VerifyKey& key) {
  if (in.size() > kPageSizeMax) {
    return fail(ErrorCode::TooLarge, "page: " + std::to_string(in.size()) + " bytes");
  }
  if (in.size() < kPageHeaderSize || as_text(in.first(kPageMagic.size())) != kPageMagic) {
    return fail(ErrorCode::Corrupt, "not a page");
  }
  ByteReader reader(in);
  reader.raw(kPageMagic.size());
  if (reader.u8() != kPageVersion || reader.u8() != kPageAlgorithm) {
    return fail(ErrorCode::Newer, "page: version or algorithm");
  }
  Page page;
  std::uint8_t flags = 0;
  get_header(reader, page, flags);
  const ByteView header = in.first(reader.position());
  const Signature signature = reader.take<Signature>();
  const ByteView body = in.subspan(reader.position());
  if (!verify(key, message_of(header, body), signature)) {
    return fail(ErrorCode::Corrupt, "page: not what the organisation signed");
  }
  if ((flags & ~(kPageZstd | kPageComplete | kPageReset)) != 0 ||
      number(page.device) > kDeviceIdMax) {
    return fail(ErrorCode::Corrupt, "page: header out of range");
  }
  TRY(decode_page_body(body, (flags & kPageZstd) != 0, page));
  return page;
}

}  // namespace banyan
