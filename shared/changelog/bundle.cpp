#include "shared/changelog/bundle.h"

#include <algorithm>
#include <string>

#include "shared/changelog/bundle_body.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/compress.h"

namespace banyan {
namespace {

constexpr std::string_view kBundleMagic = "BNB";
constexpr std::string_view kBundleSignedAs = "banyan-b1";
constexpr std::uint8_t kBundleVersion = 0;
constexpr std::uint8_t kBundleAlgorithm = 1;  // BLAKE2b-256, Ed25519
constexpr std::uint8_t kBundleZstd = 1;       // flag
constexpr std::size_t kBundleHeaderSize = 124;
constexpr std::uint64_t kFirstMax = kPendingSeq - kBundleCommitsMax;

struct Header {
  ChainSpan span;
  std::uint8_t flags = 0;
  Signature signature;
};

void put_span(const ChainSpan& span, ByteWriter& out) {
  out.u32(span.organisation);
  out.u32(span.catalogue);
  out.u32(number(span.device));
  out.u64(span.first);
  out.u16(static_cast<std::uint16_t>(span.count));
  out.raw(span.previous.view());
}

Bytes signed_message(const ChainSpan& span, const Hash256& last_hash) {
  ByteWriter out;
  out.raw(as_bytes(kBundleSignedAs));
  out.u8(kBundleVersion);
  out.u8(kBundleAlgorithm);
  put_span(span, out);
  out.raw(last_hash.view());
  return out.take();
}

Result<Header> read_header(ByteView in) {
  if (in.size() > kBundleSizeMax) {
    return fail(ErrorCode::TooLarge, "bundle: " + std::to_string(in.size()) + " bytes");
  }
  if (in.size() < kBundleHeaderSize || as_text(in.first(kBundleMagic.size())) != kBundleMagic) {
    return fail(ErrorCode::Corrupt, "not a bundle");
  }
  ByteReader reader(in);
  reader.raw(kBundleMagic.size());
  if (reader.u8() != kBundleVersion || reader.u8() != kBundleAlgorithm) {
    return fail(ErrorCode::Newer, "bundle: version or algorithm");
  }
  Header header;
  header.flags = reader.u8();
  ChainSpan& span = header.span;
  span.organisation = reader.u32();
  span.catalogue = reader.u32();
  const std::uint32_t device = reader.u32();
  span.device = DeviceId{device};
  span.first = reader.u64();
  span.count = reader.u16();
  span.previous = reader.take<Hash256>();
  header.signature = reader.take<Signature>();
  const bool sound = (header.flags & ~kBundleZstd) == 0 && device <= kDeviceIdMax &&
                     span.first > 0 && span.first <= kFirstMax && span.count > 0;
  if (!sound) return fail(ErrorCode::Corrupt, "bundle: header out of range");
  return header;
}

// Canonical bytes, chain and limits, from the commits.
Status follow_chain(Bundle& bundle) {
  ByteWriter canonical;
  Hash256 hash = bundle.span.previous;
  std::size_t from = 0;
  for (const Commit& commit : bundle.commits) {
    encode_commit(commit, canonical);
    const std::size_t size = canonical.size() - from;
    if (size > kCommitSizeMax || canonical.size() > kBundleSizeMax) {
      return fail(ErrorCode::TooLarge, "bundle: commit or sum of commits");
    }
    hash = next_chain(hash, canonical.view().subspan(from, size));
    bundle.hashes.push_back(hash);
    bundle.ends.push_back(static_cast<std::uint32_t>(canonical.size()));
    from = canonical.size();
  }
  bundle.canonical_bytes = canonical.take();
  return {};
}

std::uint32_t highest_catalogue(std::span<const Commit> commits) {
  std::uint32_t highest = 0;
  for (const Commit& commit : commits) highest = std::max(highest, commit.schema);
  return highest;
}

// The chain's end after `commits`; refuses what a reader would.
Result<Hash256> check_commits(const ChainSpan& span, std::span<const Commit> commits) {
  Hash256 hash = span.previous;
  ByteWriter canonical;
  std::size_t size = 0;
  std::size_t rows = 0;
  std::size_t cells = 0;
  for (const Commit& commit : commits) {
    TRY(check_commit(commit));
    canonical.clear();
    encode_commit(commit, canonical);
    hash = next_chain(hash, canonical.view());
    size += canonical.size();
    rows += commit.rows.size();
    for (const RowWrite& row : commit.rows) cells += row.cells.size();
  }
  if (size > kBundleSizeMax || rows > kBundleRowsMax || cells > kBundleCellsMax) {
    return fail(ErrorCode::TooLarge, "bundle: " + std::to_string(size) + " bytes of commits");
  }
  return hash;
}

}  // namespace

Signature sign_span(const SigningKey& key, const ChainSpan& span, const Hash256& last_hash) {
  return key.sign(signed_message(span, last_hash));
}

bool verify_span(const VerifyKey& key, const ChainSpan& span, const Hash256& last_hash,
                 const Signature& signature) {
  return verify(key, signed_message(span, last_hash), signature);
}

ByteView Bundle::canonical(std::size_t i) const {
  const std::size_t from = i == 0 ? 0 : ends[i - 1];
  return ByteView(canonical_bytes).subspan(from, ends[i] - from);
}

Result<Bytes> encode_bundle(ChainSpan span, std::span<const Commit> commits,
                            const SigningKey& key) {
  if (commits.empty() || commits.size() > kBundleCommitsMax) {
    return fail(ErrorCode::TooLarge, "bundle: " + std::to_string(commits.size()) + " commits");
  }
  BANYAN_CHECK(span.first > 0 && span.first <= kFirstMax);
  span.count = static_cast<std::uint32_t>(commits.size());
  span.catalogue = highest_catalogue(commits);
  TRY_ASSIGN(const Hash256 last_hash, check_commits(span, commits));

  std::vector<std::size_t> cuts;
  const Bytes plain = wire::pack_commits(commits, cuts);
  const Bytes packed = compress(plain, cuts);
  const bool smaller = packed.size() < plain.size();
  if (plain.size() > kBundleSizeMax - kBundleHeaderSize) {
    return fail(ErrorCode::TooLarge, "bundle: " + std::to_string(plain.size()) + " bytes");
  }
  ByteWriter out;
  out.raw(as_bytes(kBundleMagic));
  out.u8(kBundleVersion);
  out.u8(kBundleAlgorithm);
  out.u8(smaller ? kBundleZstd : 0);
  put_span(span, out);
  out.raw(sign_span(key, span, last_hash).view());
  out.raw(smaller ? packed : plain);
  return out.take();
}

Result<ChainSpan> peek_bundle(ByteView in) {
  TRY_ASSIGN(Header header, read_header(in));
  return header.span;
}

Result<Bundle> decode_bundle(ByteView in, const VerifyKey& key) {
  TRY_ASSIGN(Header header, read_header(in));
  Bundle bundle;
  bundle.span = header.span;
  bundle.signature = header.signature;
  ByteView body = in.subspan(kBundleHeaderSize);
  Bytes unpacked;
  if ((header.flags & kBundleZstd) != 0) {
    TRY_ASSIGN(unpacked, decompress(body, kBundleSizeMax));
    body = unpacked;
  }
  // A commit has at least a time, a context, a row and an aggregate.
  if (bundle.span.count > body.size() / 4) return fail(ErrorCode::Corrupt, "bundle: too short");
  bundle.commits.resize(bundle.span.count);
  TRY(wire::unpack_commits(body, bundle.commits));
  TRY(follow_chain(bundle));
  if (highest_catalogue(bundle.commits) != bundle.span.catalogue ||
      !verify_span(key, bundle.span, bundle.hashes.back(), bundle.signature)) {
    return fail(ErrorCode::Corrupt, "bundle: not what its device signed");
  }
  return bundle;
}

}  // namespace banyan
