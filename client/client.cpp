#include "client/client.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <utility>

namespace banyan::ui {
namespace {

ImGuiContext* make_context() {
  ImGuiContext* context = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouse | ImGuiConfigFlags_NoMouseCursorChange;
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.WindowRounding = 0;
  return context;
}

void begin_window(const Rect& area) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({area.w, area.h});
  ImGui::Begin("banyan", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoNav);
}

}  // namespace

Client::Client(AppShell& shell, Page& page, Renderer& renderer)
    : context_(make_context()),
      shell_(&shell),
      page_(page),
      renderer_(renderer),
      access_(*context_),
      input_(access_),
      pictures_(renderer) {
  renderer_.attach();
}

Client::~Client() { ImGui::DestroyContext(context_); }

void Client::pointer(PointerEvent event) {
  event.at = {event.at.x / screen_.text_scale, event.at.y / screen_.text_scale};
  event.wheel = {event.wheel.x / screen_.text_scale, event.wheel.y / screen_.text_scale};
  const Id before = input_.hovered_item();
  input_.pointer(event);
  // A mouse that moves within one item changes nothing on the screen.
  const bool idle_move = event.action == PointerAction::move && event.kind == PointerKind::mouse &&
                         before == input_.hovered_item();
  if (!idle_move) invalidate();
}

void Client::key(KeyPress press) {
  input_.key(std::move(press));
  invalidate();
}

void Client::text(Id field, TextEdit edit) {
  input_.edit(field, std::move(edit));
  invalidate();
}

void Client::focus(Id item, bool visible) {
  input_.focus(item, visible);
  invalidate();
}

void Client::activate(Id item) {
  input_.activate(item);
  invalidate();
}

void Client::ask_context(Id item) {
  input_.ask_context(item);
  invalidate();
}

void Client::resize(const Screen& screen) {
  const float text_scale = screen_.text_scale;
  // A keyboard that rises must not hide the field it is for.
  if (screen.keyboard > screen_.keyboard) input_.show_focus_again();
  screen_ = screen;
  screen_.text_scale = text_scale;
  invalidate();
}

void Client::show(AppShell& shell) {
  shell_ = &shell;
  memory_ = {};
  pictures_.forget();
  hash_.reset();
  if (update_ready_) update_ready();
  invalidate();
}

void Client::hash(std::string_view route) {
  if (input_.has_text()) {
    hash_ = route;
  } else {
    shell_->go_to_hash(route);
  }
  invalidate();
}

void Client::font(FontFile file, std::vector<std::uint8_t> bytes) {
  fonts_.add(file, std::move(bytes));
  invalidate();
}

void Client::page_restarted() {
  access_.resend();
  invalidate();
}

void Client::update_ready() {
  update_ready_ = true;
  shell_->offer_update([this] { page_.send(R"({"kind":"update"})"); });
  invalidate();
}

void Client::file(int request, PickedFile file) {
  shell_->picked(request, std::move(file));
  invalidate();
}

void Client::place(int request, Fix fix) {
  shell_->placed(request, fix);
  invalidate();
}

void Client::saved(int request, bool done) {
  shell_->saved(request, done);
  invalidate();
}

void Client::camera(CameraPicture picture) {
  shell_->camera_saw(std::move(picture));
  invalidate();
}

void Client::picture(int request, int width, int height, ByteView rgba) {
  pictures_.decoded(request, width, height, rgba);
  invalidate();
}

void Client::renderer_renewed() {
  pictures_.lost();
  invalidate();
}

bool Client::wants_frame() const { return settle_ > 0 && fonts_.ready(); }

void Client::frame(double now_ms, format::Clock clock) {
  if (!fonts_.ready()) return;
  if (settle_ > 0) --settle_;
  ++frames_;
  const bool coasting = input_.tick(now_ms);
  shell_->apply(screen_);
  const Services services{*shell_,         input_, access_, fonts_,
                          shell_->texts(), page_,  memory_, pictures_};
  Frame current(services, shell_->theme(), screen_, now_ms, clock);

  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {current.area.w, current.area.h};
  io.DisplayFramebufferScale = {current.density(), current.density()};
  io.DeltaTime = std::max(0.001f, static_cast<float>(now_ms - last_frame_ms_) / 1000);
  last_frame_ms_ = now_ms;

  access_.begin_frame(current.area);
  ImGui::NewFrame();
  begin_window(current.area);
  current.draw = ImGui::GetWindowDrawList();
  current.draw->_FringeScale = 1 / current.density();
  ImGui::GetDrawListSharedData()->SetCircleTessellationMaxError(0.15f / current.density());
  shell_->draw(current);
  ImGui::End();
  ImGui::Render();
  if (const std::string changes = access_.end_frame(); !changes.empty()) page_.send(changes);
  if (input_.end_frame()) invalidate();
  if (hash_) {
    shell_->go_to_hash(*std::exchange(hash_, std::nullopt));
    invalidate();
  }
  renderer_.render(*ImGui::GetDrawData(), current.color(Color::bg));

  if (coasting || current.wants_redraw()) settle_ = std::max(settle_, 1);
  wake_at_ms_ = current.wakes_at_ms();
  const double press = input_.wake_at_ms();
  if (press >= 0 && (wake_at_ms_ < 0 || press < wake_at_ms_)) wake_at_ms_ = press;
}

}  // namespace banyan::ui
