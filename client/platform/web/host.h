// The core in the browser's worker: real clock, randomness, OPFS, fetch().
#pragma once

#include <memory>

#include "shared/app/app.h"

namespace banyan::ui {

class Host {
 public:
  // The page must have awaited Module.prepareStorage() before.
  Host();
  ~Host();

  App& app() { return *app_; }

  // Why this is only the training mode, whose data goes with the window; empty
  // when everything is stored. The text is the browser's own, for support.
  const std::optional<Error>& no_storage() const { return no_storage_; }

 private:
  struct Edge;
  std::optional<Error> no_storage_;
  std::unique_ptr<Edge> edge_;
  std::unique_ptr<App> app_;
};

}  // namespace banyan::ui
