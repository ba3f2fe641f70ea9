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

Host::Host(std::unique_ptr<PageStore> pages, bool practice) : edge_(std::make_unique<Edge>()) {
  const Status ready = crypto_init();
  BANYAN_CHECK(ready.ok());
  edge_->pages = std::move(pages);
  app_ = std::make_unique<App>(Edges{edge_->clock, edge_->random, *edge_->pages, edge_->transport,
                                     edge_->stretcher, &local_offset_ms, practice});
}

Host::~Host() = default;

Result<std::unique_ptr<Host>> Host::open() {
  TRY_ASSIGN(std::unique_ptr<PageStore> pages, open_opfs_page_store());
  return std::unique_ptr<Host>(new Host(std::move(pages), false));
}

std::unique_ptr<Host> Host::practice() {
  return std::unique_ptr<Host>(new Host(std::make_unique<MemoryPageStore>(), true));
}

}  // namespace banyan::ui
