// A canonical commit: refused, or it is the only spelling of what it says.
#include "shared/changelog/codec.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView in(data, size);
  const auto commit = decode_commit(in);
  if (!commit) return 0;
  BANYAN_CHECK(check_commit(*commit).ok());
  ByteWriter again;
  encode_commit(*commit, again);
  BANYAN_CHECK(std::equal(in.begin(), in.end(), again.view().begin(), again.view().end()));
  return 0;
}
