#include "client/start.h"

#include "client/views/components_view.h"

namespace banyan::ui {

std::unique_ptr<AppShell> make_shell(const Preferences& preferences) {
  auto shell = std::make_unique<AppShell>(preferences);
  shell->add("components", std::make_unique<ComponentsView>());
  shell->set_home("#/components");
  return shell;
}

}  // namespace banyan::ui
