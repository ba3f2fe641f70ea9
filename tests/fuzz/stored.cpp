// What the databases keep in one column, beside rows and clocks (fuzz-row). The first byte chooses:
// cells of a newer catalogue, one value, images of an own commit, former numbers. Refused, or it is
// the only spelling of what it says.
#include "shared/changelog/codec.h"
#include "shared/storage/commit_rows.h"
#include "shared/storage/replica_state.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView in(data + 1, size - 1);
  ByteWriter again;
  switch (data[0] % 4) {
    case 0: {
      const auto cells = decode_cells(in);
      if (!cells) return 0;
      encode_cells(*cells, again);
      break;
    }
    case 1: {
      const auto value = decode_value(in);
      if (!value) return 0;
      encode_value(*value, again);
      break;
    }
    case 2: {
      const auto rows = decode_images(in);
      if (!rows) return 0;
      for (const Row& row : *rows) {
        ByteWriter image;
        encode_row(row, image);
        again.block(image.view());
      }
      break;
    }
    default: {
      const auto dots = decode_dots(in);
      if (!dots) return 0;
      again.raw(encode_dots(*dots));
    }
  }
  BANYAN_CHECK(std::equal(in.begin(), in.end(), again.view().begin(), again.view().end()));
  return 0;
}
