// A page. No fuzzer finds a signature, so the target goes around it: the input is
// a body before compression. Refused, or what it says can be packed again and
// says the same; and applying it to rows does not break them.
#include "shared/changelog/codec.h"
#include "shared/changelog/page_body.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

void apply(const Page& page) {
  Row row;
  for (const PageAggregate& aggregate : page.aggregates) {
    for (const RowChange& change : aggregate.rows) {
      if (!apply_change(change, row)) continue;
      ByteWriter out;
      encode_row(row, out);
      const auto again = decode_row(out.view());
      // A row may grow over its limit; else it is stored and read as it is.
      BANYAN_CHECK(again.ok() ? *again == row : out.size() > kRowSizeMax);
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView in(data, size);
  BANYAN_CHECK(!decode_page(in, VerifyKey{}));
  Page page;
  if (!wire::unpack_page(in, page)) return 0;
  apply(page);
  std::vector<std::size_t> cuts;
  const auto again = wire::pack_page(page, cuts);
  BANYAN_CHECK(again.ok());
  Page same;
  BANYAN_CHECK(wire::unpack_page(*again, same).ok());
  BANYAN_CHECK(same == page);
  return 0;
}
