#include "client/app_shell.h"

#include <cstdio>

#include "client/json_out.h"
#include "client/widgets/draw.h"
#include "shared/base/check.h"

namespace banyan::ui {

AppShell::AppShell(Preferences preferences)
    : preferences_(preferences), texts_(preferences.language) {
  trail_.push_back(Route::parse(home_));
}

void AppShell::add(std::string name, std::unique_ptr<View> view) {
  views_.insert_or_assign(std::move(name), std::move(view));
}

void AppShell::set_person(std::string initial, std::string name) {
  person_initial_ = std::move(initial);
  person_name_ = std::move(name);
}

View& AppShell::view() {
  auto found = views_.find(route().name);
  // An address from outside may name anything: it leads home.
  if (found == views_.end()) found = views_.find(Route::parse(home_).name);
  BANYAN_CHECK(found != views_.end());
  return *found->second;
}

void AppShell::enter(const Route& from) {
  if (from == route()) return;
  sheet_.reset();
  if (const auto old = views_.find(from.name); old != views_.end() && from.name != route().name) {
    old->second->hidden();
  }
  view().shown(route());
}

void AppShell::go(std::string_view hash) {
  const Route from = route();
  const Route to = Route::parse(hash);
  if (to == from) return;
  trail_.push_back(to);
  enter(from);
}

void AppShell::replace(std::string_view hash) {
  const Route from = route();
  trail_.back() = Route::parse(hash);
  enter(from);
}

void AppShell::back() {
  const Route from = route();
  if (trail_.size() > 1) {
    trail_.pop_back();
  } else {
    trail_.back() = Route::parse(home_);
  }
  enter(from);
}

void AppShell::go_to_hash(std::string_view hash) {
  const Route to = Route::parse(hash.size() > 2 ? hash : std::string_view(home_));
  if (to == route()) return;
  // The browser's own back button shows as the address before the last one.
  if (trail_.size() > 1 && trail_[trail_.size() - 2] == to) return back();
  const Route from = route();
  trail_.push_back(to);
  enter(from);
}

void AppShell::toast(Toast toast) {
  toast_ = std::move(toast);
  toast_until_ms_ = -1;
}

void AppShell::pick_file(Frame& frame, std::string_view accept, bool camera,
                         std::function<void(PickedFile)> done) {
  picks_[++last_pick_] = std::move(done);
  JsonObject out;
  out.add("kind", "pick").add("request", last_pick_).add("accept", accept).add("camera", camera);
  frame.page.send(out.str());
}

void AppShell::picked(int request, PickedFile file) {
  const auto found = picks_.find(request);
  if (found == picks_.end()) return;
  const auto done = std::move(found->second);
  picks_.erase(found);
  done(std::move(file));
}

void AppShell::find_place(Frame& frame, std::function<void(Fix)> done) {
  places_[++last_pick_] = std::move(done);
  frame.page.send(JsonObject().add("kind", "place").add("request", last_pick_).str());
}

void AppShell::placed(int request, Fix fix) {
  const auto found = places_.find(request);
  if (found == places_.end()) return;
  const auto done = std::move(found->second);
  places_.erase(found);
  done(fix);
}

void AppShell::save_file(Frame& frame, bool share, std::string_view name,
                         std::span<const std::uint8_t> bytes, std::function<void(bool)> done) {
  saves_[++last_pick_] = std::move(done);
  frame.page.save(last_pick_, share, name, bytes);
}

void AppShell::saved(int request, bool done) {
  const auto found = saves_.find(request);
  if (found == saves_.end()) return;
  const auto then = std::move(found->second);
  saves_.erase(found);
  then(done);
}

void AppShell::watch_camera(const Rect& rect, std::function<void(CameraPicture)> seen) {
  camera_rect_ = rect;
  camera_ = std::move(seen);
}

void AppShell::camera_saw(CameraPicture picture) {
  if (camera_) camera_(std::move(picture));
}

// After every frame: the page's camera is on exactly while a view watches.
void AppShell::tell_camera(Frame& frame) {
  if (has_layer()) camera_rect_.reset();  // the page's picture would lie over it
  JsonObject out;
  out.add("kind", "camera").add("on", camera_rect_.has_value());
  if (camera_rect_) {
    const Rect& r = *camera_rect_;
    out.add("x", r.x).add("y", r.y).add("width", r.w).add("height", r.h);
  } else {
    camera_ = nullptr;
  }
  camera_rect_.reset();
  const std::string now = out.str();
  if (now == told_camera_) return;
  told_camera_ = now;
  frame.page.send(now);
}

void AppShell::copy(Frame& frame, std::string_view text) {
  frame.page.send(JsonObject().add("kind", "copy").add("text", text).str());
}

void AppShell::print(Frame& frame) { frame.page.send(JsonObject().add("kind", "print").str()); }

void AppShell::offer_update(std::function<void()> use) {
  toast({.text = std::string(texts_.get(T::state_update_ready)),
         .icon = Icon::sparkles,
         .undo = std::move(use),
         .action = std::string(texts_.get(T::state_update_now)),
         .stays = true});
}

void AppShell::set_preferences(const Preferences& preferences) {
  preferences_ = preferences;
  texts_.set(preferences.language);
}

void AppShell::apply(Screen& screen) {
  prefers_dark_ = screen.dark;
  screen.text_scale = preferences_.text_scale;
  theme_.kind = preferences_.theme;
  if (preferences_.theme_follows_system) {
    theme_.kind = prefers_dark_ ? ThemeKind::dark : ThemeKind::light;
  }
}

void AppShell::draw(Frame& frame) {
  const Surroundings around = view().surroundings(frame, route());
  Rect area = frame.area;
  area.cut_top(frame.screen.inset_top / frame.screen.text_scale);
  area.cut_bottom(std::max(frame.screen.inset_bottom, frame.screen.keyboard) /
                  frame.screen.text_scale);
  if (frame.input.take_key("Escape")) {
    if (dialog_) {
      if (dialog_->cancelled) dialog_->cancelled();
      dialog_.reset();
    } else if (sheet_) {
      sheet_.reset();
    } else if (around.sub_page) {
      back();
    }
  }
  draw_warning(frame, area);
  if (!around.bare) {
    if (!frame.phone()) draw_rail(frame, area);
    draw_top_bar(frame, area, around);
    const bool bars_at_bottom = frame.phone() && !around.action_bar && frame.screen.keyboard < 80;
    if (bars_at_bottom) draw_bottom_bar(frame, area);
  }
  if (around.action_bar) {
    const Rect bar = area.cut_bottom(size::kActionbar);
    IdScope scope("actions");
    fill(frame, {bar.x, bar.y, bar.w, frame.area.bottom() - bar.y}, frame.color(Color::surface));
    rule_above(frame, bar);
    view().draw_actions(frame, route(), bar);
  }
  {
    IdScope scope(route().name);
    GroupScope main(frame, Role::main, around.title, area);
    view().draw(frame, route(), area);
  }
  draw_layers(frame);
  tell_camera(frame);
  tell_page(frame, around);
}

// Route, title, colours and wishes to keep: the page hears of them when they change.
void AppShell::tell_page(Frame& frame, const Surroundings& around) {
  char surface[8], bar[8];
  const auto hex = [](std::uint32_t c, char* out) {
    std::snprintf(out, 8, "#%02x%02x%02x", c & 0xFF, c >> 8 & 0xFF, c >> 16 & 0xFF);
  };
  hex(frame.color(Color::bg), surface);
  hex(frame.color(frame.phone() ? Color::surface : Color::bg), bar);
  JsonObject out;
  out.add("kind", "shell").add("hash", route().hash());
  // The browser writes titles into its own history, in plain text: a sub page is often a person.
  out.add("title", around.sub_page ? std::string_view() : std::string_view(around.title));
  out.add("language", texts_.chinese() ? "zh-CN" : "en").add("background", surface).add("bar", bar);
  out.add("dark", theme_.kind == ThemeKind::dark);
  out.add("theme", static_cast<int>(preferences_.theme))
      .add("followsSystem", preferences_.theme_follows_system);
  out.add("textScale", static_cast<double>(preferences_.text_scale));
  std::string message = out.str();
  if (message == told_) return;
  told_ = std::move(message);
  frame.page.send(told_);
}

}  // namespace banyan::ui
