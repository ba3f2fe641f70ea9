#include "client/start.h"

#include "client/views/components_view.h"

namespace banyan::ui {

std::unique_ptr<AppShell> make_shell(const Preferences& preferences, App& app) {
  auto shell = std::make_unique<AppShell>(preferences);
  shell->add("components", std::make_unique<ComponentsView>());
  shell->set_home("#/components");
  static_cast<void>(app);
  return shell;
}

}  // namespace banyan::ui
