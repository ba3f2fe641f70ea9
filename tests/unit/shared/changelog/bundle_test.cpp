#include "shared/changelog/bundle.h"

#include <doctest/doctest.h>

#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

Bytes bundle_of(std::span<const Commit> commits) {
  return encode_bundle(sample_span(), commits, signing_key()).value();
}

}  // namespace

TEST_CASE("a bundle gives back its commits, their canonical bytes and their chain") {
  const std::vector<Commit> commits = sample_commits();
  const Bundle bundle = decode_bundle(bundle_of(commits), key()).value();
  CHECK(bundle.commits == commits);
  CHECK(bundle.span.count == 3);
  CHECK(bundle.span.catalogue == 13);  // the highest of them
  CHECK(bundle.span.last() == 43);
  Hash256 chain = sample_span().previous;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const Bytes canonical = encoded(commits[i]);
    const ByteView got = bundle.canonical(i);
    CHECK(std::equal(got.begin(), got.end(), canonical.begin(), canonical.end()));
    chain = next_chain(chain, canonical);
    CHECK(bundle.hashes[i] == chain);
  }
}

TEST_CASE("random commits survive every cut into bundles, with one chain [T28]") {
  SeededRandom random(21);
  for (int round = 0; round < 60; ++round) {
    std::vector<Commit> commits;
    for (std::uint64_t left = 2 + random.below(80); left > 0; --left) {
      commits.push_back(random_commit(random));
    }
    const Bundle whole = decode_bundle(bundle_of(commits), key()).value();
    REQUIRE(whole.commits == commits);
    const std::size_t cut = 1 + static_cast<std::size_t>(random.below(commits.size() - 1));
    ChainSpan rest = sample_span();
    rest.first += cut;
    rest.previous = whole.hashes[cut - 1];
    const Bytes second =
        encode_bundle(rest, std::span(commits).subspan(cut), signing_key()).value();
    REQUIRE(decode_bundle(second, key()).value().hashes.back() == whole.hashes.back());
  }
}

TEST_CASE("a damaged bundle is refused or says the same commits; nothing false passes [T29, I19]") {
  for (const bool large : {false, true}) {
    std::vector<Commit> commits = sample_commits();
    if (large) {  // large enough to be compressed
      for (int i = 0; i < 4; ++i)
        commits.insert(commits.end(), commits.begin(), commits.begin() + 3);
    }
    const Bytes bytes = bundle_of(commits);
    each_damage(bytes, [&](ByteView damaged) {
      const auto got = decode_bundle(damaged, key());
      if (!got) return;
      REQUIRE(got->commits == commits);  // another packing, nothing else
      REQUIRE(got->span.previous == sample_span().previous);
      REQUIRE(got->span.first == sample_span().first);
      REQUIRE(got->span.device == sample_span().device);
      REQUIRE(got->span.organisation == sample_span().organisation);
    });
  }
}

TEST_CASE("every bit of a bundle's header is signed or checked [T29]") {
  const Bytes bytes = bundle_of(sample_commits());
  Bytes changed = bytes;
  for (std::size_t bit = 0; bit < 124 * 8; ++bit) {
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    REQUIRE_FALSE(decode_bundle(changed, key()).ok());
    changed[bit / 8] = bytes[bit / 8];
  }
}

TEST_CASE("another device's key does not open a bundle") {
  SeededRandom random(2);
  const SigningKey other = SigningKey::generate(random);
  CHECK(decode_bundle(bundle_of(sample_commits()), other.verify_key()).error().code ==
        ErrorCode::Corrupt);
}

TEST_CASE("a signature can be checked from the log alone") {
  const Bundle bundle = decode_bundle(bundle_of(sample_commits()), key()).value();
  CHECK(verify_span(key(), bundle.span, bundle.hashes.back(), bundle.signature));
  ChainSpan moved = bundle.span;
  ++moved.first;
  CHECK_FALSE(verify_span(key(), moved, bundle.hashes.back(), bundle.signature));
  CHECK_FALSE(verify_span(key(), bundle.span, bundle.hashes.front(), bundle.signature));
}

TEST_CASE("the header can be read without the key, and a newer format is told from damage") {
  Bytes bytes = bundle_of(sample_commits());
  const ChainSpan span = peek_bundle(bytes).value();
  CHECK(span.device == DeviceId{57});
  CHECK(span.first == 41);
  CHECK(span.count == 3);
  bytes[3] = 1;
  CHECK(peek_bundle(bytes).error().code == ErrorCode::Newer);
  bytes[3] = 0;
  bytes[4] = 2;
  CHECK(peek_bundle(bytes).error().code == ErrorCode::Newer);
  bytes[0] = 'X';
  CHECK(peek_bundle(bytes).error().code == ErrorCode::Corrupt);
}

TEST_CASE("limits are told before they are passed on: none, too many, too large") {
  CHECK(encode_bundle(sample_span(), {}, signing_key()).error().code == ErrorCode::TooLarge);
  Commit wide = sample_commit();
  wide.rows.resize(1);
  wide.rows[0].cells = {{1, std::string(kCellSizeMax, 'x'), {}}, {2, std::string(30'000, 'y'), {}}};
  const std::vector<Commit> many(80, wide);  // more than 4 MiB of canonical bytes
  CHECK(encode_bundle(sample_span(), many, signing_key()).error().code == ErrorCode::TooLarge);
  CHECK(encode_bundle(sample_span(), std::span(many).first(60), signing_key()).ok());
  wide.rows[0].cells.clear();
  for (std::uint32_t field = 1; field <= 5'000; ++field) {
    wide.rows[0].cells.push_back({field, Value{}, {}});
  }
  const std::vector<Commit> cells(53, wide);  // 265,000 cells
  CHECK(encode_bundle(sample_span(), cells, signing_key()).error().code == ErrorCode::TooLarge);
  CHECK(encode_bundle(sample_span(), std::span(cells).first(52), signing_key()).ok());
  CHECK(peek_bundle(Bytes(kBundleSizeMax + 1)).error().code == ErrorCode::TooLarge);
}

TEST_CASE("what an author may not write cannot be bundled") {
  std::vector<Commit> commits = sample_commits();
  commits[1].rows[0].cells.push_back(commits[1].rows[0].cells[0]);
  CHECK(encode_bundle(sample_span(), commits, signing_key()).error().code == ErrorCode::Invalid);
}
