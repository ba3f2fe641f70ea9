// What every page store promises, as checks that need no test framework: the
// same ones run natively, in WebAssembly, and inside a browser over OPFS.
#pragma once

#include <span>

#include "shared/platform/page_store.h"

namespace banyan::test {

struct PageStorePromise {
  const char* promise;
  // `store` is empty. An error says which expectation failed.
  Status (*check)(PageStore& store);
};

std::span<const PageStorePromise> page_store_contract();

}  // namespace banyan::test
