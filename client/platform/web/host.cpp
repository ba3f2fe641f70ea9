#include "client/platform/web/host.h"

#include <emscripten.h>

#include "shared/app/web/web_stretcher.h"
#include "shared/app/web/web_transport.h"
#include "shared/crypto/init.h"
#include "shared/platform/memory_page_store.h"
#include "shared/platform/web/opfs_page_store.h"

namespace banyan::ui {

namespace {

// clang-format off
EM_JS(double, banyan_local_offset_ms, (double wall_ms), {
  return -new Date(wall_ms).getTimezoneOffset() * 60000;
});
// clang-format on

std::int64_t local_offset_ms(std::int64_t wall_ms) {
  return static_cast<std::int64_t>(banyan_local_offset_ms(static_cast<double>(wall_ms)));
}

}  // namespace

struct Host::Edge {
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<PageStore> pages;
  WebTransport transport;
  WebStretcher stretcher;
};

Host::Host() : edge_(std::make_unique<Edge>()) {
  const Status ready = crypto_init();
  BANYAN_CHECK(ready.ok());
  Result<std::unique_ptr<PageStore>> opfs = open_opfs_page_store();
  if (opfs.ok()) {
    edge_->pages = std::move(opfs).value();
  } else {
    no_storage_ = opfs.error();
    edge_->pages = std::make_unique<MemoryPageStore>();
  }
  app_ = std::make_unique<App>(Edges{edge_->clock, edge_->random, *edge_->pages, edge_->transport,
                                     edge_->stretcher, &local_offset_ms});
}

Host::~Host() = default;

}  // namespace banyan::ui
