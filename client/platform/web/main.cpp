// The worker's side of the page: calls from web/worker.js come in as exported functions, answers
// go back as JSON messages. Everything runs on this one thread.
#include <emscripten/emscripten.h>
#include <emscripten/html5.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

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
EM_JS(void, page_ask_frame, (), { Module.askFrame(); });
EM_JS(void, page_wake_in, (double ms), { Module.wakeIn(ms); });
EM_JS(double, page_now, (), { return performance.now(); });
EM_JS(double, page_wall, (), { return Date.now(); });
EM_JS(int, page_offset, (), { return -new Date().getTimezoneOffset(); });
// clang-format on

class WorkerPage final : public Page {
 public:
  void send(std::string_view json) override {
    page_send(json.data(), static_cast<int>(json.size()));
  }
};

struct Worker {
  WorkerPage page;
  GlRenderer renderer;
  std::unique_ptr<Host> host;  // the core and its edges
  std::unique_ptr<AppShell> shell;
  std::unique_ptr<Client> client;
  std::unique_ptr<Guide> guide;
};

Worker* app = nullptr;
std::uint64_t seen_version = 0;

// The earlier of what the screen and the core want.
double wakes_at_ms(std::optional<std::int64_t> core_in_ms) {
  const double screen = app->client->wakes_at_ms();
  if (!core_in_ms) return screen;
  const double core = page_now() + static_cast<double>(*core_in_ms);
  return screen < 0 ? core : std::min(screen, core);
}

void plan() {
  const std::optional<std::int64_t> core_in_ms = app->host->app().tick();
  if (const std::uint64_t now = app->host->app().version(); now != seen_version) {
    seen_version = now;
    app->client->invalidate();
  }
  if (app->client->wants_frame()) {
    page_ask_frame();
  } else if (const double at = wakes_at_ms(core_in_ms); at >= 0) {
    page_wake_in(std::max(0.0, at - page_now()));
  }
}

std::string_view view_of(const char* text) { return text == nullptr ? std::string_view() : text; }

}  // namespace
}  // namespace banyan::ui

using banyan::ui::app;
using banyan::ui::plan;
using banyan::ui::view_of;
namespace ui = banyan::ui;

extern "C" {

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
  app->host = std::make_unique<ui::Host>();
  app->shell = ui::make_shell(preferences, app->host->app());
  app->guide = std::make_unique<ui::Guide>(*app->shell, app->host->app());
  app->client = std::make_unique<ui::Client>(*app->shell, app->page, app->renderer);
  app->shell->go_to_hash(view_of(hash));
  return 1;
}

EMSCRIPTEN_KEEPALIVE void bn_frame() {
  if (app->renderer.lost()) return;  // the page brings a new canvas
  app->guide->update();
  app->client->frame(ui::page_now(),
                     {static_cast<std::int64_t>(ui::page_wall()), ui::page_offset()});
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
  app->client->invalidate();
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
