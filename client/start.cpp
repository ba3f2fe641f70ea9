#include "client/start.h"

#include "client/views/carry_view.h"
#include "client/views/components_view.h"
#include "client/views/customer_view.h"
#include "client/views/customers_view.h"
#include "client/views/edit_view.h"
#include "client/views/hq_view.h"
#include "client/views/settings_view.h"
#include "client/views/sync_view.h"
#include "client/views/today_view.h"
#include "client/views/unlock_view.h"
#include "client/views/visit_view.h"
#include "client/views/welcome_view.h"

namespace banyan::ui {

std::unique_ptr<AppShell> make_shell(const Preferences& preferences, App& app) {
  auto shell = std::make_unique<AppShell>(preferences);
  shell->add("components", std::make_unique<ComponentsView>());
  shell->add("unlock", std::make_unique<UnlockView>(app));
  shell->add("welcome", std::make_unique<WelcomeView>(app));
  shell->add("customers", std::make_unique<CustomersView>(app));
  shell->add("edit", std::make_unique<EditView>(app));
  shell->add("new", std::make_unique<EditView>(app));
  shell->add("today", std::make_unique<TodayView>(app));
  shell->add("sync", std::make_unique<SyncView>(app));
  shell->add("carry", std::make_unique<CarryView>(app));
  shell->add("visit", std::make_unique<VisitView>(app));
  shell->add("hq", std::make_unique<HqView>(app));
  shell->add("settings", std::make_unique<SettingsView>(app));
  shell->add("customer", std::make_unique<CustomerView>(app));
  shell->set_home("#/unlock");
  return shell;
}

std::unique_ptr<AppShell> make_closed_shell(const Preferences& preferences,
                                            const ClosedStore& store, std::function<void()> open,
                                            std::function<void()> practise) {
  auto shell = std::make_unique<AppShell>(preferences);
  shell->add("unlock", std::make_unique<StorageView>(store, std::move(open), std::move(practise)));
  shell->set_home("#/unlock");
  return shell;
}

}  // namespace banyan::ui
