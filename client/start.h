// Puts the app together: the shell with all its views.
#pragma once

#include <memory>

#include "client/app_shell.h"
#include "client/views/storage_view.h"
#include "shared/app/app.h"

namespace banyan::ui {

// `app` must outlive it.
std::unique_ptr<AppShell> make_shell(const Preferences& preferences, App& app);
// Where the app's store is not to be had: one screen, whatever the address says. See StorageView.
std::unique_ptr<AppShell> make_closed_shell(const Preferences& preferences,
                                            const ClosedStore& store, std::function<void()> open,
                                            std::function<void()> practise);

}  // namespace banyan::ui
