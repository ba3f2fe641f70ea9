// What a stick, a camera or another tablet hands over: files of parcels, and what stands in the
// place of a challenge. Refused, or the same after another turn; no view leaves the file.
#include "shared/sync/carrier.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const BoxKey box = [] {
    SystemRandom random;
    return BoxKey::generate(random);
  }();
  const ByteView in(data, size);
  const sync::ParcelFile file = sync::split_parcels(in);
  std::size_t total = 0;
  for (const ByteView parcel : file.parcels) {
    total += parcel.size();
    BANYAN_CHECK(parcel.data() >= data && parcel.data() + parcel.size() <= data + size);
    BANYAN_CHECK(sync::peek_parcel(parcel).ok());
    BANYAN_CHECK(!sync::open_parcel(parcel, box).ok());
  }
  BANYAN_CHECK(total == size || file.damaged > 0);
  if (const auto waybill = sync::decode_waybill(in)) {
    const Bytes again = sync::encode_waybill(*waybill);
    BANYAN_CHECK(std::equal(again.begin(), again.end(), in.begin(), in.end()));
  }
  return 0;
}
