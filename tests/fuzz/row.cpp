// A row clock (first byte 0) or a whole row (else): refused, or it is the only
// spelling of what it says.
#include "shared/changelog/codec.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

void check_same(ByteView in, ByteView again) {
  BANYAN_CHECK(std::equal(in.begin(), in.end(), again.begin(), again.end()));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView in(data + 1, size - 1);
  ByteWriter again;
  if (data[0] == 0) {
    const auto clock = decode_clock(in);
    if (!clock) return 0;
    encode_clock(*clock, again);
  } else {
    const auto row = decode_row(in);
    if (!row) return 0;
    encode_row(*row, again);
  }
  check_same(in, again.view());
  return 0;
}
