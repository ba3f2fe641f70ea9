#include "client/guide.h"

#include <utility>

#include "client/widgets/avatar.h"
#include "shared/app/queries.h"

namespace banyan::ui {

namespace {

// Screens for which nobody needs to have unlocked anything.
bool open_to_all(const std::string& route) {
  return route == "unlock" || route == "welcome" || route == "components";
}

// A pack may name a screen that this app does not have.
std::string start_screen(const AppShell& shell, const Session& session) {
  const banyan::Role* role = session.me().role;
  return role != nullptr && shell.has(role->start) ? "#/" + role->start : "#/customers";
}

bool sees_all(const Session& session) {
  return session.me().role != nullptr && session.me().role->scope == "all";
}

}  // namespace

void Guide::update() {
  const bool working = app_.phase() == App::Phase::Working;
  if (working != working_) {
    working_ = working;
    working ? unlocked() : locked();
  } else if (!working && !open_to_all(shell_->route().name)) {
    locked();
  }
  if (app_.version() == version_) return;
  version_ = app_.version();
  if (!working) return;
  const Session& session = *app_.session();
  const Me& me = session.me();
  shell_->set_person(std::string(initial_of(me.name)), me.name);
  fill_navigation(session);
  const banyan::SyncStatus& status = session.sync_status();
  shell_->set_sync({status.trouble == banyan::SyncStatus::Trouble::NoNetwork,
                    static_cast<std::int64_t>(session.replica().pending_count()),
                    session.first_sync()});
}

void Guide::unlocked() {
  const std::string home = start_screen(*shell_, *app_.session());
  shell_->set_home(home);
  // Where one person was is not the next one's business.
  const DeviceId before = std::exchange(last_, app_.session()->me().device);
  if (before != DeviceId{} && before != last_) wanted_.clear();
  shell_->replace(wanted_.empty() ? home : wanted_);
  wanted_.clear();
}

void Guide::locked() {
  // A link from the branch: "#enrol=CODE.FINGERPRINT".
  if (const std::string& name = shell_->route().name; name.starts_with("enrol=")) {
    shell_->set_navigation({});
    shell_->replace("#/welcome?" + std::string(name));
    return;
  }
  if (!open_to_all(shell_->route().name)) wanted_ = shell_->route().hash();
  shell_->set_navigation({});
  const bool nobody = app_.people().empty();
  shell_->set_home(nobody ? "#/welcome" : "#/unlock");
  shell_->replace(nobody ? "#/welcome" : "#/unlock");
}

void Guide::fill_navigation(const Session& session) {
  const OutboxCounts outbox = read_outbox_counts(session);
  std::vector<NavItem> items;
  if (sees_all(session)) items.push_back({T::hq_title, Icon::chart_column, "hq"});
  items.push_back({T::nav_today, Icon::calendar_check, "today"});
  items.push_back({T::nav_customers, Icon::users, "customers"});
  NavItem sync{T::nav_sync, Icon::refresh_cw, "sync"};
  sync.count = static_cast<int>(outbox.waiting + outbox.conflicts + outbox.blocked);
  sync.decision = outbox.conflicts > 0;
  items.push_back(sync);
  items.push_back({T::nav_settings, Icon::settings, "settings"});
  shell_->set_navigation(std::move(items));
}

}  // namespace banyan::ui
