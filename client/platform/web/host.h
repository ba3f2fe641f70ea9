// The core in the browser's worker: real clock, randomness, OPFS, fetch().
#pragma once

#include <memory>

#include "shared/app/app.h"

namespace banyan::ui {

class Host {
 public:
  // On the device's store, which the worker has prepared before (Module.prepareStorage). Locked
  // while another window has it, Unavailable where there is none; `detail` is the browser's own.
  static Result<std::unique_ptr<Host>> open();
  // In memory: everything goes with the window. Only for a person who was told so; joins demo
  // banks only.
  static std::unique_ptr<Host> practice();
  // Closes the database; the store's files are closed by the worker.
  ~Host();

  App& app() { return *app_; }

 private:
  struct Edge;
  Host(std::unique_ptr<PageStore> pages, bool practice);
  std::unique_ptr<Edge> edge_;
  std::unique_ptr<App> app_;
};

}  // namespace banyan::ui
