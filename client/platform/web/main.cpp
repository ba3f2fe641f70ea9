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
#include "client/platform/web/gl_renderer.h"
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

struct App {
  WorkerPage page;
  GlRenderer renderer;
  std::unique_ptr<AppShell> shell;
  std::unique_ptr<Client> client;
};

App* app = nullptr;
double wake_planned_ms = -1;

void plan() {
  if (app->client->wants_frame()) {
    page_ask_frame();
  } else if (const double at = app->client->wakes_at_ms(); at >= 0 && at != wake_planned_ms) {
    wake_planned_ms = at;
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
  app = new ui::App;
  if (!app->renderer.ok()) return 0;
  ui::Preferences preferences;
  preferences.language = language == 1 ? ui::Language::english : ui::Language::chinese;
  preferences.theme = static_cast<ui::ThemeKind>(theme);
  preferences.theme_follows_system = follows_system != 0;
  preferences.text_scale = text_scale;
  app->shell = ui::make_shell(preferences);
  app->client = std::make_unique<ui::Client>(*app->shell, app->page, app->renderer);
  app->shell->go_to_hash(view_of(hash));
  return 1;
}

EMSCRIPTEN_KEEPALIVE void bn_frame() {
  if (app->renderer.lost()) return;  // the page brings a new canvas
  ui::wake_planned_ms = -1;
  app->client->frame(ui::page_now(),
                     {static_cast<std::int64_t>(ui::page_wall()), ui::page_offset()});
  plan();
}

// A timer ran out: draw once more.
EMSCRIPTEN_KEEPALIVE void bn_wake() {
  ui::wake_planned_ms = -1;
  app->client->invalidate();
  plan();
}

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

EMSCRIPTEN_KEEPALIVE double bn_frames() { return static_cast<double>(app->client->frames()); }

EMSCRIPTEN_KEEPALIVE void bn_page_restarted() {
  app->client->page_restarted();
  plan();
}
}
