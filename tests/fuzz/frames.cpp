// What a camera reads: texts that nobody vouches for, one a line. Whatever they are, the reader
// stays within its bounds, and what it calls whole fits its hash.
#include "shared/sync/frames.h"

#include "tests/fuzz/fuzz.h"

using namespace banyan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sync::FrameReader reader;
  std::string_view text = as_text(ByteView(data, size));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    (void)reader.take(text.substr(0, end));
    BANYAN_CHECK(reader.known() <= reader.parts());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (reader.content()) {
    BANYAN_CHECK(!reader.content()->empty() && reader.content()->size() <= sync::kFramedBytesMax);
    const auto series = sync::FrameSeries::make(*reader.content());
    BANYAN_CHECK(series.ok() && series->parts() == reader.parts());
  }
  return 0;
}
