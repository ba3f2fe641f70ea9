// The worker's side of the page: calls from web/worker.js come in as exported functions, answers
// go back as JSON messages. Everything runs on this one thread.
#include <emscripten/emscripten.h>
#include <emscripten/html5.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "client/client.h"
#include "client/guide.h"
#include "client/platform/web/gl_renderer.h"
#include "client/platform/web/host.h"
#include "client/start.h"

namespace banyan::ui {
namespace {

// clang-format off
EM_JS(void, page_send, (const char* text, int length), {
  Module.toPage(UTF8ToString(text, length));
});
EM_JS(void, page_save, (int request, int share, const char* name, int length,
                        const std::uint8_t* bytes, int size), {
  Module.saveFile(request, share !== 0, UTF8ToString(name, length), HEAPU8.slice(bytes, bytes + size));
});
EM_JS(void, page_ask_frame, (), { Module.askFrame(); });
EM_JS(void, page_wake_in, (double ms), { Module.wakeIn(ms); });
EM_JS(void, page_want_storage, (), { Module.wantStorage(); });
EM_JS(double, page_now, (), { return performance.now(); });
EM_JS(double, page_wall, (), { return Date.now(); });
EM_JS(int, page_offset, (), { return -new Date().getTimezoneOffset(); });
// clang-format on

class WorkerPage final : public Page {
 public:
  void send(std::string_view json) override {
    page_send(json.data(), static_cast<int>(json.size()));
  }
  void save(int request, bool share, std::string_view name,
            std::span<const std::uint8_t> bytes) override {
    page_save(request, share ? 1 : 0, name.data(), static_cast<int>(name.size()), bytes.data(),
              static_cast<int>(bytes.size()));
  }
};

struct Worker {
  WorkerPage page;
  GlRenderer renderer;
  ClosedStore closed;          // why there is no host
  std::unique_ptr<Host> host;  // the core and its edges; null where the store is not to be had
  std::unique_ptr<AppShell> shell;
  std::unique_ptr<Client> client;
  std::unique_ptr<Guide> guide;    // with the host
  bool working = false;            // somebody was at work when we last looked
  bool practice_wanted = false;    // asked for on the screen that it replaces
  std::uint64_t seen_version = 0;  // of the app, on the screen
};

Worker* app = nullptr;
// The earlier of what the screen and the core want.
double wakes_at_ms(std::optional<std::int64_t> core_in_ms) {
  const double screen = app->client->wakes_at_ms();
  if (!core_in_ms) return screen;
  const double core = page_now() + static_cast<double>(*core_in_ms);
  return screen < 0 ? core : std::min(screen, core);
}

void plan() {
  std::optional<std::int64_t> core_in_ms;
  if (app->host) {
    App& core = app->host->app();
    core_in_ms = core.tick();
    if (std::exchange(app->seen_version, core.version()) != core.version()) {
      app->client->invalidate();
    }
  }
  if (app->client->wants_frame()) {
    page_ask_frame();
  } else if (const double at = wakes_at_ms(core_in_ms); at >= 0) {
    page_wake_in(std::max(0.0, at - page_now()));
  }
}

// Another shell takes the place, language and address of the one before.
void show(std::unique_ptr<AppShell> shell) {
  shell->go_to_hash(app->shell->route().hash());
  app->client->show(*shell);
  app->shell = std::move(shell);
}

void work(std::unique_ptr<Host> host) {
  app->host = std::move(host);
  show(make_shell(app->shell->preferences(), app->host->app()));
  app->guide = std::make_unique<Guide>(*app->shell, app->host->app());
  app->seen_version = 0;
  app->working = false;
}

// What views keep of somebody's work goes with them when it is locked.
void forget_locked() {
  if (!app->host) return;
  const bool working = app->host->app().phase() == App::Phase::Working;
  if (!std::exchange(app->working, working) || working) return;
  show(make_shell(app->shell->preferences(), app->host->app()));
  app->guide->replace_shell(*app->shell);
}

// The screen that stands where the app cannot be; the app itself is gone when it is shown.
std::unique_ptr<AppShell> closed_shell(const Preferences& preferences) {
  const auto open = [] {
    app->closed.asking = true;
    page_want_storage();
  };
  return make_closed_shell(preferences, app->closed, open, [] { app->practice_wanted = true; });
}

void close(ClosedStore why) {
  app->closed = std::move(why);
  app->guide.reset();
  std::unique_ptr<AppShell> shell = closed_shell(app->shell->preferences());
  show(std::move(shell));
  app->host.reset();  // the views that knew it are gone
}

ClosedStore reason_of(const Error& error) {
  using Why = ClosedStore::Why;
  const Why why = error.code == ErrorCode::Locked        ? Why::OtherWindow
                  : error.code == ErrorCode::Unavailable ? Why::Missing
                                                         : Why::Broken;
  return {why, why == Why::OtherWindow ? std::string() : error.detail};
}

std::string_view view_of(const char* text) { return text == nullptr ? std::string_view() : text; }

}  // namespace
}  // namespace banyan::ui

using banyan::ui::app;
using banyan::ui::plan;
using banyan::ui::view_of;
namespace ui = banyan::ui;

extern "C" {

// The worker has prepared the storage, or tried to: opens the app, or says why not.
EMSCRIPTEN_KEEPALIVE void bn_storage() {
  if (app->host) return;
  auto host = ui::Host::open();
  if (host.ok()) {
    ui::work(std::move(host).value());
  } else {
    const bool asked = std::exchange(app->closed.asking, false);
    const bool given = app->closed.why == ui::ClosedStore::Why::HandedOver;
    ui::ClosedStore why = ui::reason_of(host.error());
    if (given && why.why == ui::ClosedStore::Why::OtherWindow) why.why = app->closed.why;
    why.unanswered = asked;
    app->closed = std::move(why);
  }
  app->client->invalidate();
  plan();
}

// Another window was asked for: puts everything away. The worker closes the files after it.
EMSCRIPTEN_KEEPALIVE void bn_hand_over() {
  if (!app->host) return;
  ui::close({.why = ui::ClosedStore::Why::HandedOver});
  plan();
}

// Options are what the page knows before the first frame; see web/messages.md.
EMSCRIPTEN_KEEPALIVE int bn_start(int language, int theme, int follows_system, float text_scale,
                                  const char* hash) {
  app = new ui::Worker;
  if (!app->renderer.ok()) return 0;
  ui::Preferences preferences;
  preferences.language = language == 1 ? ui::Language::english : ui::Language::chinese;
  preferences.theme = static_cast<ui::ThemeKind>(theme);
  preferences.theme_follows_system = follows_system != 0;
  preferences.text_scale = text_scale;
  app->shell = ui::closed_shell(preferences);
  app->shell->go_to_hash(view_of(hash));
  app->client = std::make_unique<ui::Client>(*app->shell, app->page, app->renderer);
  bn_storage();
  return 1;
}

EMSCRIPTEN_KEEPALIVE void bn_frame() {
  if (app->renderer.lost()) return;  // the page brings a new canvas
  ui::forget_locked();
  if (app->guide) app->guide->update();
  app->client->frame(ui::page_now(),
                     {static_cast<std::int64_t>(ui::page_wall()), ui::page_offset()});
  if (std::exchange(app->practice_wanted, false)) {
    ui::work(ui::Host::practice());
    app->shell->set_warning(ui::T::store_warning);
  }
  plan();
}

// A timer ran out: draw once more.
EMSCRIPTEN_KEEPALIVE void bn_wake() {
  app->client->wake();
  plan();
}

// An answer from the network or from another worker came in.
EMSCRIPTEN_KEEPALIVE void bn_core() { plan(); }

EMSCRIPTEN_KEEPALIVE void bn_pointer(int action, int kind, float x, float y, float wheel_x,
                                     float wheel_y, double ms) {
  app->client->pointer({static_cast<ui::PointerAction>(action),
                        static_cast<ui::PointerKind>(kind),
                        {x, y},
                        {wheel_x, wheel_y},
                        ms});
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_key(const char* name, int ctrl, int shift, int alt) {
  app->client->key({std::string(view_of(name)), ctrl != 0, shift != 0, alt != 0});
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_text(std::uint32_t field, const char* value, int composing,
                                  int finished, int enter) {
  app->client->text(field,
                    {std::string(view_of(value)), composing != 0, finished != 0, enter != 0});
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_focus(std::uint32_t item, int visible) {
  app->client->focus(item, visible != 0);
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_activate(std::uint32_t item, int context) {
  if (context != 0) {
    app->client->ask_context(item);
  } else {
    app->client->activate(item);
  }
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_resize(float width, float height, float ratio, float inset_top,
                                    float inset_bottom, float keyboard, int reduced_motion,
                                    int dark) {
  ui::Screen screen;
  screen.width = width;
  screen.height = height;
  screen.device_ratio = ratio;
  screen.inset_top = inset_top;
  screen.inset_bottom = inset_bottom;
  screen.keyboard = keyboard;
  screen.reduced_motion = reduced_motion != 0;
  screen.dark = dark != 0;
  app->renderer.resize(static_cast<int>(std::lround(width * ratio)),
                       static_cast<int>(std::lround(height * ratio)));
  app->client->resize(screen);
  plan();
}

EMSCRIPTEN_KEEPALIVE void bn_hash(const char* hash) {
  app->client->hash(view_of(hash));
  plan();
}

// Takes `size` bytes that the worker wrote into memory of ours.
EMSCRIPTEN_KEEPALIVE void bn_font(int file, std::uint8_t* bytes, int size) {
  app->client->font(static_cast<ui::FontFile>(file), {bytes, bytes + size});
  std::free(bytes);
  plan();
}

// The page brought a new canvas after the browser took the old one's context away.
EMSCRIPTEN_KEEPALIVE int bn_canvas() {
  const bool ok = app->renderer.renew();
  app->client->renderer_renewed();
  plan();
  return ok ? 1 : 0;
}

// What the person chose for AppShell::pick_file; no name: nothing. Takes the bytes.
EMSCRIPTEN_KEEPALIVE void bn_file(int request, const char* name, const char* type,
                                  std::uint8_t* bytes, int size) {
  ui::PickedFile file{
      std::string(view_of(name)), std::string(view_of(type)), {bytes, bytes + size}};
  std::free(bytes);
  app->client->file(request, std::move(file));
  plan();
}

// Whether the person has the file of AppShell::save_file.
EMSCRIPTEN_KEEPALIVE void bn_saved(int request, int done) {
  app->client->saved(request, done != 0);
  plan();
}

// A picture of the camera, or why there is none, for AppShell::watch_camera. Takes the bytes.
EMSCRIPTEN_KEEPALIVE void bn_camera(int state, int width, int height, std::uint8_t* grey) {
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  ui::CameraPicture picture{
      static_cast<ui::CameraPicture::State>(state), width, height, {grey, grey + size}};
  std::free(grey);
  app->client->camera(std::move(picture));
  plan();
}

// Where the device is, for AppShell::find_place. Degrees and metres are the browser's; from here on
// there are only whole numbers.
EMSCRIPTEN_KEEPALIVE void bn_place(int request, int state, double latitude, double longitude,
                                   double accuracy) {
  ui::Fix fix;
  if (state == 0 && std::abs(latitude) <= 90 && std::abs(longitude) <= 180 && accuracy >= 0) {
    fix.state = ui::Fix::State::Found;
    fix.place = {static_cast<std::int32_t>(std::lround(latitude * 1e6)),
                 static_cast<std::int32_t>(std::lround(longitude * 1e6))};
    fix.accuracy_m = std::max(1L, std::lround(std::min(accuracy, 1e6)));
  } else if (state == 1) {
    fix.state = ui::Fix::State::Refused;
  }
  app->client->place(request, fix);
  plan();
}

// A picture is decoded, or cannot be (no pixels). Takes the bytes.
EMSCRIPTEN_KEEPALIVE void bn_picture(int request, int width, int height, std::uint8_t* rgba,
                                     int size) {
  app->client->picture(request, width, height, {rgba, static_cast<std::size_t>(size)});
  std::free(rgba);
  plan();
}

// A new version of the app lies ready on the device.
EMSCRIPTEN_KEEPALIVE void bn_update_ready() {
  app->client->update_ready();
  plan();
}

EMSCRIPTEN_KEEPALIVE double bn_frames() { return static_cast<double>(app->client->frames()); }

EMSCRIPTEN_KEEPALIVE void bn_page_restarted() {
  app->client->page_restarted();
  plan();
}
}
