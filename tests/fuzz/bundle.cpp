// A bundle. No fuzzer finds a signature, so the target goes around it: the first
// byte says how many commits there are, the rest is a body before compression.
// Refused, or what it says can be packed again and says the same.
#include "shared/changelog/bundle.h"

#include "shared/changelog/bundle_body.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView in(data, size);
  BANYAN_CHECK(!decode_bundle(in, VerifyKey{}));
  if (size == 0) return 0;
  std::vector<Commit> commits(data[0]);
  if (!wire::unpack_commits(in.subspan(1), commits)) return 0;
  std::vector<std::size_t> cuts;
  const Bytes again = wire::pack_commits(commits, cuts);
  std::vector<Commit> same(commits.size());
  BANYAN_CHECK(wire::unpack_commits(again, same).ok());
  BANYAN_CHECK(same == commits);
  return 0;
}
