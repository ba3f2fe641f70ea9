// Whole pages and bundles, behind their signature and with zstd around what they say. The first
// byte chooses: bit 0 a page or a bundle, bit 1 whether what follows the header is compressed here
// (without it, the header's own flag says how it is read). The signature is made here. Refused, or
// the same after another turn; and with any one bit changed, refused or still the same.
#include <algorithm>
#include <string_view>

#include "shared/changelog/bundle.h"
#include "shared/changelog/bundle_body.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/compress.h"
#include "shared/changelog/page.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

constexpr std::size_t kPageHeader = 118, kBundleHeader = 60;  // up to the signature
constexpr std::size_t kFlagsAt = 5;
constexpr std::uint8_t kZstd = 1;

const SigningKey& key() {
  static const SigningKey key = [] {
    SeededRandom random(7);
    return SigningKey::generate(random);
  }();
  return key;
}

Bytes joined(ByteView header, const Signature& signature, ByteView body) {
  ByteWriter out;
  out.raw(header);
  out.raw(signature.view());
  out.raw(body);
  return out.take();
}

// One bit, chosen by what the input says.
Bytes with_other_bit(Bytes in) {
  const Hash256 hash = hash256(in);
  std::size_t at = 0;
  for (int i = 0; i < 4; ++i) at = at * 256 + hash.bytes[static_cast<std::size_t>(i)];
  in[at % in.size()] ^= static_cast<std::uint8_t>(1U << (hash.bytes[4] % 8));
  return in;
}

void try_page(ByteView header, ByteView body) {
  ByteWriter message;
  message.raw(as_bytes("banyan-p1"));
  message.raw(hash256({header, body}).view());
  const Bytes in = joined(header, key().sign(message.view()), body);
  const VerifyKey bank = key().verify_key();
  const auto page = decode_page(in, bank);
  BANYAN_CHECK(!decode_page(with_other_bit(in), bank).ok());
  if (!page) return;
  const auto again = encode_page(*page, key());
  // As sent it has a header as well; unpacked, what was read may be a little longer.
  if (!again && again.error().code == ErrorCode::TooLarge && body.size() < (1U << 20)) return;
  BANYAN_CHECK(again.ok());
  const auto same = decode_page(*again, bank);
  BANYAN_CHECK(same.ok() && *same == *page);
}

// The end of the chain that a reader will find, when the bundle is one.
Hash256 chain_end(ByteView header, ByteView body) {
  const Bytes whole = joined(header, Signature{}, body);
  const auto span = peek_bundle(whole);
  if (!span) return {};
  Bytes unpacked;
  if ((header[kFlagsAt] & kZstd) != 0) {
    auto plain = decompress(body, kBundleSizeMax);
    if (!plain) return {};
    unpacked = std::move(*plain);
    body = unpacked;
  }
  if (span->count > body.size() / 4) return {};
  std::vector<Commit> commits(span->count);
  if (!wire::unpack_commits(body, commits)) return {};
  Hash256 hash = span->previous;
  for (const Commit& commit : commits) {
    ByteWriter out;
    encode_commit(commit, out);
    hash = next_chain(hash, out.view());
  }
  return hash;
}

void try_bundle(ByteView header, ByteView body) {
  ByteWriter message;
  message.raw(as_bytes("banyan-b1"));
  message.raw(header.subspan(3, 2));  // version, algorithm
  message.raw(header.subspan(6));     // the span
  message.raw(chain_end(header, body).view());
  const Bytes in = joined(header, key().sign(message.view()), body);
  const VerifyKey device = key().verify_key();
  const auto bundle = decode_bundle(in, device);
  const auto bent = decode_bundle(with_other_bit(in), device);
  BANYAN_CHECK(!bent.ok() || (bundle.ok() && bent->span == bundle->span &&
                              bent->canonical_bytes == bundle->canonical_bytes));
  if (!bundle) return;
  ByteView rest(bundle->canonical_bytes);
  for (std::size_t i = 0; i < bundle->commits.size(); ++i) {
    const auto commit = decode_commit(bundle->canonical(i));
    BANYAN_CHECK(commit.ok() && *commit == bundle->commits[i]);
    rest = rest.subspan(bundle->canonical(i).size());
  }
  BANYAN_CHECK(rest.empty());
  const auto again = encode_bundle(bundle->span, bundle->commits, key());
  BANYAN_CHECK(again.ok());
  const auto same = decode_bundle(*again, device);
  BANYAN_CHECK(same.ok() && same->span == bundle->span && same->commits == bundle->commits);
  BANYAN_CHECK(same->signature == bundle->signature && same->hashes == bundle->hashes);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool page = (data[0] & 1) == 0, packs = (data[0] & 2) != 0;
  const std::size_t header_size = page ? kPageHeader : kBundleHeader;
  if (size < 1 + header_size) return 0;
  Bytes header(data + 1, data + 1 + header_size);
  ByteView body(data + 1 + header_size, size - 1 - header_size);
  Bytes packed;
  if (packs) {
    header[kFlagsAt] |= kZstd;
    packed = compress(body);
    body = packed;
  }
  page ? try_page(header, body) : try_bundle(header, body);
  return 0;
}
