// The inside of a page: outcomes and aggregates, packed. Not for other folders.
#pragma once

#include <vector>

#include "shared/changelog/page.h"

namespace banyan::wire {

// Invalid when a row is not what page_row.h says, TooLarge over a limit. `cuts`
// learns where one kind of data ends and the next begins.
Result<Bytes> pack_page(const Page& page, std::vector<std::size_t>& cuts);

// Fills what the header of a page does not say.
Status unpack_page(ByteView in, Page& page);

}  // namespace banyan::wire
