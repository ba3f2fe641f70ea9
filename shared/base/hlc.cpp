#include "shared/base/hlc.h"

namespace banyan {

std::uint64_t effective_stamp(std::uint64_t hlc, std::int64_t received_ms,
                              std::uint64_t newest_of_device) {
  return std::max(std::min(hlc, hlc_of(received_ms + kSkewMsMax)), newest_of_device + 1);
}

bool suspect_stamp(std::uint64_t hlc, std::int64_t received_ms, std::int64_t seen_ms) {
  return hlc > hlc_of(received_ms + kSkewMsMax) || hlc_ms(hlc) < seen_ms;
}

}  // namespace banyan
