// A QR code as text, for a terminal: two modules in each character cell.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace banyan::server {

// Dark on light, with its quiet zone, so that it reads on any terminal colours.
// TooLarge for more than a QR code holds.
Result<std::string> qr_text(std::string_view content);

}  // namespace banyan::server
