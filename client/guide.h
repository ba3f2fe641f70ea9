// Keeps the shell in step with the app: who is working, which screens there are
// for that role, what the sync pill says, and that nobody sees a screen of a
// session that is locked.
#pragma once

#include "client/app_shell.h"
#include "shared/app/app.h"

namespace banyan::ui {

class Guide {
 public:
  // Both must outlive the guide, or the shell its replacement.
  Guide(AppShell& shell, App& app) : shell_(&shell), app_(app) {}

  // Another shell stands where the one before stood.
  void replace_shell(AppShell& shell) { shell_ = &shell; }

  // Call before every frame; costs nothing while nothing has changed.
  void update();

 private:
  void unlocked();
  void locked();
  void fill_navigation(const Session& session);

  AppShell* shell_;
  App& app_;
  std::uint64_t version_ = 0;
  bool working_ = false;
  std::string wanted_;  // where the address led before the passphrase was asked for
  DeviceId last_{};     // of who worked last; every person has a device number of their own
};

}  // namespace banyan::ui
