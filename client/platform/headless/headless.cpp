#include "client/platform/headless/headless.h"

#include <imgui.h>

#include "shared/base/check.h"

namespace banyan::ui {
namespace {

constexpr format::Clock kClock{1'776'304'800'000, 480};  // 2026-04-16 10:00 in China
constexpr double kFrameMs = 16;

}  // namespace

void NullRenderer::attach() {
  ImGuiIO& io = ImGui::GetIO();
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures | ImGuiBackendFlags_RendererHasVtxOffset;
}

void NullRenderer::render(ImDrawData& data, std::uint32_t /*background*/) {
  if (data.Textures == nullptr) return;
  for (ImTextureData* texture : *data.Textures) {
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    } else if (texture->Status != ImTextureStatus_Destroyed) {
      texture->SetTexID(1);
      texture->SetStatus(ImTextureStatus_OK);
    }
  }
}

Headless::Headless(AppShell& shell, std::vector<std::uint8_t> font, std::vector<std::uint8_t> icons)
    : client_(shell, page_, renderer_) {
  screen(1280, 800);
  client_.font(FontFile::w400, std::move(font));
  client_.font(FontFile::icons, std::move(icons));
  settle();
}

int Headless::settle() {
  int frames = 0;
  for (; client_.wants_frame() && frames < 100; ++frames) {
    client_.frame(now_ms_, kClock);
    now_ms_ += kFrameMs;
  }
  return frames;
}

void Headless::advance(double ms) {
  const double until = now_ms_ + ms;
  while (true) {
    settle();
    const double due = client_.wakes_at_ms();
    if (due < 0 || due > until || now_ms_ > until) break;
    now_ms_ = std::max(now_ms_, due);
    client_.wake();
  }
  now_ms_ = std::max(now_ms_, until);
}

void Headless::screen(float width, float height, float ratio) {
  Screen wanted;
  wanted.width = width;
  wanted.height = height;
  wanted.device_ratio = ratio;
  client_.resize(wanted);
  settle();
}

const AccessNode* Headless::find(std::string_view name) const {
  for (const AccessNode& node : client_.access().nodes()) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

void Headless::finger(PointerAction action, Vec at) {
  client_.pointer({action, PointerKind::touch, at, {}, now_ms_});
}

void Headless::tap(std::string_view name) {
  const AccessNode* node = find(name);
  BANYAN_CHECK(node != nullptr);
  const Vec at = node->rect.center();
  finger(PointerAction::down, at);
  settle();
  finger(PointerAction::up, at);
  settle();
}

void Headless::type(std::string_view field, std::string_view value, bool composing) {
  const AccessNode* node = find(field);
  BANYAN_CHECK(node != nullptr);
  client_.focus(node->id, true);
  client_.text(node->id, {std::string(value), composing, false, false});
  settle();
}

}  // namespace banyan::ui
