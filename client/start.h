// Puts the app together: the shell with all its views. `app` must outlive it.
#pragma once

#include <memory>

#include "client/app_shell.h"
#include "shared/app/app.h"

namespace banyan::ui {

std::unique_ptr<AppShell> make_shell(const Preferences& preferences, App& app);

}  // namespace banyan::ui
