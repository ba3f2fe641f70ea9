#include "tests/unit/golden.h"

#include <string>

#include "shared/base/hlc.h"
#include "shared/changelog/bundle_body.h"
#include "shared/changelog/page_body.h"
#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

Bytes joined(std::uint8_t first, ByteView rest) {
  ByteWriter out;
  out.u8(first);
  out.raw(rest);
  return out.take();
}

// A golden file without its signature, which stands behind a header: fuzz/packed.cpp makes it anew.
// With `body` in the place of its own, if there is one.
Bytes unsigned_part(const char* name, std::size_t header, ByteView body = {}) {
  const Bytes whole = golden(name);
  ByteWriter out;
  out.raw(ByteView(whole).first(header));
  out.raw(body.empty() ? ByteView(whole).subspan(header + Signature::kSize) : body);
  return out.take();
}

}  // namespace

TEST_CASE("commit, row clock and row have the bytes that were written down [W1]") {
  check_golden("commit", encoded(sample_commit()));
  check_golden("row_clock", encoded(sample_row().clock));
  check_golden("row", encoded(sample_row()));
}

TEST_CASE("FORMAT.md's example, one new phone number, has the bytes that it shows [W1]") {
  Commit edit{12, hlc_of(1'756'684'800'000), 0x5EED, 1'000, 4'242, sample_commit().aggregate, {}};
  edit.rows = {{kCustomer,
                Op::Update,
                edit.aggregate,
                1,
                {{kPhone, std::string("10123456789"), 0xDDCCBBAA}}}};
  std::vector<std::size_t> cuts;
  check_golden("phone_edit", encoded(edit));
  check_golden("phone_edit_packed", wire::pack_commits({&edit, 1}, cuts));
}

TEST_CASE("a small bundle and a small page have the bytes that were written down [W1]") {
  const auto commits = sample_commits();
  check_golden("bundle",
               encode_bundle(sample_span(), std::span(commits).first(2), signing_key()).value());
  check_golden("page", encode_page(sample_page(), signing_key()).value());
}

TEST_CASE("golden bytes are read as what they were made from [W1]") {
  CHECK(decode_commit(golden("commit")).value() == sample_commit());
  CHECK(decode_clock(golden("row_clock")).value() == sample_row().clock);
  CHECK(decode_row(golden("row")).value() == sample_row());
  CHECK(decode_page(golden("page"), signing_key().verify_key()).value() == sample_page());
  const Bundle bundle = decode_bundle(golden("bundle"), signing_key().verify_key()).value();
  CHECK(bundle.commits[0] == sample_commits()[0]);
  CHECK(bundle.commits[1] == sample_commits()[1]);
}

TEST_CASE("a compressed bundle of a bank's day is read, whatever compressor wrote it [W1]") {
  // Not compared with what we would write: another zstd may pack better.
  SeededRandom random(61);
  std::vector<Commit> commits;
  for (int i = 0; i < 60; ++i) commits.push_back(random_commit(random));
  const Bytes ours = encode_bundle(sample_span(), commits, signing_key()).value();
  if (writing_golden()) check_golden("bundle_zstd", ours);
  CHECK(decode_bundle(golden("bundle_zstd"), signing_key().verify_key()).value().commits ==
        commits);
}

TEST_CASE("fuzzers start from the golden samples: bodies are stored as they are packed") {
  const auto commits = sample_commits();
  std::vector<std::size_t> cuts;
  const Bytes bundle = wire::pack_commits(commits, cuts);
  const Bytes page = wire::pack_page(sample_page(), cuts).value();
  check_seed("commit/sample", encoded(sample_commit()));
  check_seed("row/clock", joined(0, encoded(sample_row().clock)));
  check_seed("row/row", joined(1, encoded(sample_row())));
  check_seed("bundle/three_commits", joined(3, bundle));
  check_seed("bundle/whole", golden("bundle"));
  check_seed("page/sample", page);
  check_seed("page/whole", golden("page"));
  const Bytes two = wire::pack_commits(std::span(commits).first(2), cuts);
  check_seed("packed/page", joined(0, unsigned_part("page", 118)));
  check_seed("packed/page_to_pack", joined(2, unsigned_part("page", 118, page)));
  check_seed("packed/bundle", joined(1, unsigned_part("bundle", 60)));
  check_seed("packed/bundle_to_pack", joined(3, unsigned_part("bundle", 60, two)));
  check_seed("packed/bundle_zstd", joined(1, unsigned_part("bundle_zstd", 60)));
  ByteWriter cells, value, images;
  encode_cells(std::vector<CellValue>{{3, std::int64_t{-7}}, {9, std::string("x")}}, cells);
  encode_value(std::string("青禾"), value);
  images.block(encoded(sample_row()));
  images.block(encoded(sample_row()));
  check_seed("stored/cells", joined(0, cells.view()));
  check_seed("stored/value", joined(1, value.view()));
  check_seed("stored/images", joined(2, images.view()));
  std::vector<Commit> again(commits.size());
  CHECK(wire::unpack_commits(bundle, again).ok());
  CHECK(again == commits);
}
