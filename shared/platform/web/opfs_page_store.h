// The device's page store in a browser: the Origin Private File System.
//
// Its files are opened asynchronously by opfs.js before the program starts
// (`await Module.prepareStorage()`); afterwards every call is synchronous.
#pragma once

#include <memory>

#include "shared/platform/page_store.h"

namespace banyan {

// Unavailable without OPFS (then only the training mode is left), Locked while
// another window owns it, Io or Corrupt otherwise; `detail` is the browser's
// own message. At most one at a time.
Result<std::unique_ptr<PageStore>> open_opfs_page_store();

}  // namespace banyan
