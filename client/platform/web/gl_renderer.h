// WebGL 2 on the worker's canvas.
#pragma once

#include "client/client.h"

namespace banyan::ui {

class GlRenderer final : public Renderer {
 public:
  // Makes a context on the canvas that the page handed over (web/pre.js). Check ok().
  GlRenderer();
  bool ok() const { return context_ > 0; }
  // The browser took the context away; the page must bring a new canvas.
  bool lost() const;
  // Starts again on the canvas that now bears the name.
  bool renew();
  void resize(int width, int height);
  void attach() override;
  void render(ImDrawData& data, std::uint32_t background) override;
  void decode(int request, ByteView file, int side) override;
  std::uint64_t make_texture(int width, int height, ByteView rgba) override;
  void drop_texture(std::uint64_t texture) override;

 private:
  void open();
  long context_ = 0;
};

}  // namespace banyan::ui
