#include "client/platform/web/gl_renderer.h"

#include <GLES3/gl3.h>
#include <emscripten/emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

// clang-format off
EM_JS(void, page_decode, (int request, const std::uint8_t* file, int size, int side), {
  Module.decodePicture(request, HEAPU8.slice(file, file + size), side);
});
// clang-format on

namespace banyan::ui {

GlRenderer::GlRenderer() { open(); }

void GlRenderer::open() {
  EmscriptenWebGLContextAttributes wishes;
  emscripten_webgl_init_context_attributes(&wishes);
  wishes.majorVersion = 2;
  wishes.alpha = false;
  wishes.depth = false;
  wishes.stencil = false;
  wishes.antialias = false;  // Dear ImGui smooths its own edges
  wishes.powerPreference = EM_WEBGL_POWER_PREFERENCE_LOW_POWER;
  context_ = static_cast<long>(emscripten_webgl_create_context("#canvas", &wishes));
  if (ok())
    emscripten_webgl_make_context_current(static_cast<EMSCRIPTEN_WEBGL_CONTEXT_HANDLE>(context_));
}

void GlRenderer::attach() { ImGui_ImplOpenGL3_Init("#version 300 es"); }

bool GlRenderer::renew() {
  ImGui_ImplOpenGL3_Shutdown();
  emscripten_webgl_destroy_context(static_cast<EMSCRIPTEN_WEBGL_CONTEXT_HANDLE>(context_));
  open();
  if (ok()) attach();
  return ok();
}

bool GlRenderer::lost() const {
  return emscripten_is_webgl_context_lost(static_cast<EMSCRIPTEN_WEBGL_CONTEXT_HANDLE>(context_));
}

void GlRenderer::resize(int width, int height) {
  emscripten_set_canvas_element_size("#canvas", width, height);
}

void GlRenderer::render(ImDrawData& data, std::uint32_t background) {
  ImGui_ImplOpenGL3_NewFrame();
  const auto part = [&](int shift) { return static_cast<float>(background >> shift & 0xFF) / 255; };
  glViewport(0, 0, static_cast<GLsizei>(data.DisplaySize.x * data.FramebufferScale.x + 0.5f),
             static_cast<GLsizei>(data.DisplaySize.y * data.FramebufferScale.y + 0.5f));
  glClearColor(part(0), part(8), part(16), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

void GlRenderer::decode(int request, ByteView file, int side) {
  page_decode(request, file.data(), static_cast<int>(file.size()), side);
}

std::uint64_t GlRenderer::make_texture(int width, int height, ByteView rgba) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               rgba.data());
  return texture;
}

void GlRenderer::drop_texture(std::uint64_t texture) {
  const auto name = static_cast<GLuint>(texture);
  glDeleteTextures(1, &name);
}

}  // namespace banyan::ui
