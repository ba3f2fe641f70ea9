// What a stick, a camera or another tablet hands over: files of parcels, and what stands in the
// place of a challenge. Refused, or the same after another turn; no view leaves the file. What is
// sealed for the right key comes out as it went in, and after any change on the way not at all.
#include <algorithm>

#include "shared/sync/carrier.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

// The input as content, its first bytes as the label too.
void travel(ByteView in, const BoxKey& box) {
  static SeededRandom random(5);
  sync::ParcelLabel label;
  ByteReader reader(in);
  label.organisation = reader.u32();
  label.heading = static_cast<sync::Heading>(reader.u8() & 1);
  label.device = DeviceId{reader.u32() & kDeviceIdMax};
  const auto parcel = sync::seal_parcel(label, box.public_key(), in, random);
  BANYAN_CHECK(parcel.ok() && parcel->size() <= in.size() + sync::kParcelOverhead);
  BANYAN_CHECK(sync::peek_parcel(*parcel).value() == label);
  const auto content = sync::open_parcel(*parcel, box);
  BANYAN_CHECK(content.ok() && std::equal(content->begin(), content->end(), in.begin(), in.end()));
  Bytes bent = *parcel;
  const Hash256 hash = hash256(in);
  bent[(hash.bytes[0] * 256U + hash.bytes[1]) % bent.size()] ^=
      static_cast<std::uint8_t>(1U << (hash.bytes[2] % 8));
  BANYAN_CHECK(!sync::open_parcel(bent, box).ok());
  // Two in one file, the first one damaged: the second one is not lost when its beginning is known.
  ByteWriter file;
  file.raw(*parcel);
  file.raw(*parcel);
  const sync::ParcelFile two = sync::split_parcels(file.view());
  BANYAN_CHECK(two.parcels.size() == 2 && two.damaged == 0);
}

}  // namespace

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
  travel(in, box);
  return 0;
}
