// Puts the app together: the shell with all its views.
#pragma once

#include <memory>

#include "client/app_shell.h"

namespace banyan::ui {

std::unique_ptr<AppShell> make_shell(const Preferences& preferences);

}  // namespace banyan::ui
