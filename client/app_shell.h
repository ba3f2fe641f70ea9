// The frame around all views: where we are, the bars, the layers above, language and theme.
//
// Views are registered by the first word of their route. The shell keeps the way back, writes the
// route into the page's address, and draws rail, top bar, bottom bar and action bar for the width
// at hand (LOOK.md, "Grid").
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/device.h"
#include "client/view.h"

namespace banyan::ui {

struct NavItem {
  T label{};
  Icon icon = Icon::none;
  std::string route = {};
  int count = 0;          // badge; 0 shows none
  bool decision = false;  // the badge is violet: a person must decide
  bool on_phone = true;   // among the five of the bottom bar
};

// What the sync pill says.
struct SyncStatus {
  bool offline = false;
  std::int64_t waiting = 0;  // changes on this device that headquarters does not have
  bool fetching = false;     // a new person's records are still on their way
};

struct Toast {
  std::string text = {};
  Icon icon = Icon::circle_check;
  std::function<void()> undo = {};  // empty: none is offered
  std::string action = {};          // the word for it; empty: the usual "undo"
  bool stays = false;               // until it is pressed or another toast comes
};

struct Dialog {
  std::string title = {}, text = {};  // the title is the question
  std::string confirm = {};           // a verb
  bool danger = false;
  std::function<void()> confirmed = {};
  std::string cancel = {};  // empty: the usual word
  std::function<void()> cancelled = {};
};

struct Sheet {
  std::string title = {};
  float height = 320;
  std::function<void(Frame&, Rect)> draw = {};
};

// A file or a picture that a person chose; `name` is empty when nothing was chosen.
struct PickedFile {
  std::string name = {}, type = {};
  std::vector<std::uint8_t> bytes = {};
};

struct Preferences {
  Language language = Language::chinese;
  ThemeKind theme = ThemeKind::light;
  bool theme_follows_system = true;
  float text_scale = 1;
};

class AppShell {
 public:
  explicit AppShell(Preferences preferences);

  void add(std::string name, std::unique_ptr<View> view);
  bool has(std::string_view name) const { return views_.find(name) != views_.end(); }
  void set_navigation(std::vector<NavItem> items) { navigation_ = std::move(items); }
  std::vector<NavItem>& navigation() { return navigation_; }
  void set_person(std::string initial, std::string name);
  void set_sync(SyncStatus status) { sync_ = status; }
  const SyncStatus& sync() const { return sync_; }

  // Stands above every screen from now on.
  void set_warning(T text) { warning_ = text; }

  // Navigation. go() keeps the way back; replace() does not; back() at the start goes home.
  void go(std::string_view hash);
  void replace(std::string_view hash);
  void back();
  void go_to_hash(std::string_view hash);  // the page's address changed
  const Route& route() const { return trail_.back(); }
  void set_home(std::string hash) { home_ = std::move(hash); }

  void toast(Toast toast);
  // Opens the system's choice of files, or its camera; call it where a press is handled. `accept`
  // as in HTML: "image/*". Always answers, later.
  void pick_file(Frame& frame, std::string_view accept, bool camera,
                 std::function<void(PickedFile)> done);
  // Where the device is now. Always answers, later; without a page never.
  void find_place(Frame& frame, std::function<void(Fix)> done);
  // Gives the person a file: as a download, or to another app of the device where it can. Answers
  // later: whether it was taken.
  void save_file(Frame& frame, bool share, std::string_view name,
                 std::span<const std::uint8_t> bytes, std::function<void(bool)> done);
  // Shows what the camera sees over `rect` and hands each picture to `seen`: for as long as a view
  // asks for it in every frame.
  void watch_camera(const Rect& rect, std::function<void(CameraPicture)> seen);
  void copy(Frame& frame, std::string_view text);
  void print(Frame& frame);
  // Called by Client.
  void picked(int request, PickedFile file);
  void placed(int request, Fix fix);
  void saved(int request, bool done);
  void camera_saw(CameraPicture picture);

  // A new version waits: says so, and calls `use` when the person wants it.
  void offer_update(std::function<void()> use);
  void ask(Dialog dialog) { dialog_ = std::move(dialog); }
  void open(Sheet sheet) { sheet_ = std::move(sheet); }
  void close_sheet() { sheet_.reset(); }
  bool has_layer() const { return sheet_.has_value() || dialog_.has_value(); }

  const Preferences& preferences() const { return preferences_; }
  void set_preferences(const Preferences& preferences);
  Texts& texts() { return texts_; }
  const Theme& theme() const { return theme_; }

  // Called by Client: takes the text scale and the system's wish into account, then draws.
  void apply(Screen& screen);
  void draw(Frame& frame);

 private:
  View& view();
  void enter(const Route& from);
  void draw_rail(Frame& frame, Rect& area);
  void draw_bottom_bar(Frame& frame, Rect& area);
  void draw_top_bar(Frame& frame, Rect& area, const Surroundings& around);
  void draw_warning(Frame& frame, Rect& area);
  void draw_layers(Frame& frame);
  void draw_sheet(Frame& frame);
  void draw_dialog(Frame& frame);
  void draw_toast(Frame& frame);
  void tell_page(Frame& frame, const Surroundings& around);
  void tell_camera(Frame& frame);

  std::map<std::string, std::unique_ptr<View>, std::less<>> views_;
  std::vector<NavItem> navigation_;
  std::vector<Route> trail_;
  std::string home_ = "#/today";
  std::string person_initial_, person_name_;
  SyncStatus sync_;
  std::optional<T> warning_;
  Preferences preferences_;
  Texts texts_;
  Theme theme_;
  std::optional<Toast> toast_;
  double toast_until_ms_ = -1;
  std::optional<Dialog> dialog_;
  std::optional<Sheet> sheet_;
  std::map<int, std::function<void(PickedFile)>> picks_;
  std::map<int, std::function<void(Fix)>> places_;
  std::map<int, std::function<void(bool)>> saves_;
  int last_pick_ = 0;  // of files, of places and of files saved
  std::function<void(CameraPicture)> camera_;
  std::optional<Rect> camera_rect_;  // as this frame wants it
  std::string told_camera_;
  std::string told_;
  bool prefers_dark_ = false;
};

}  // namespace banyan::ui
