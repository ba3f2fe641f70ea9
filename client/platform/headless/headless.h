// The app without a screen: for unit tests and for measuring a frame's CPU time.
//
//   Headless app(shell, font_bytes, icon_bytes);
//   app.tap("保存");                 // a finger on the item of that name
//   app.type("姓名", "王桂兰");
//   CHECK(app.find("已存本机") != nullptr);
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/client.h"

namespace banyan::ui {

// Keeps what the app tells its page.
class RecordingPage final : public Page {
 public:
  void send(std::string_view json) override { messages.emplace_back(json); }
  void save(int request, bool share, std::string_view name,
            std::span<const std::uint8_t> bytes) override {
    saved = {request, share, std::string(name), {bytes.begin(), bytes.end()}};
  }
  std::vector<std::string> messages;
  struct Saved {
    int request = 0;
    bool share = false;
    std::string name = {};
    std::vector<std::uint8_t> bytes = {};
  } saved;  // the newest file
};

// Draws nothing, but keeps Dear ImGui's textures as a real one would.
class NullRenderer final : public Renderer {
 public:
  void attach() override;
  void render(ImDrawData& data, std::uint32_t background) override;
  void decode(int, ByteView, int) override {}
  std::uint64_t make_texture(int, int, ByteView) override { return 1; }
  void drop_texture(std::uint64_t) override {}
};

class Headless {
 public:
  // `shell` must outlive this object.
  Headless(AppShell& shell, std::vector<std::uint8_t> font, std::vector<std::uint8_t> icons);

  // Draws until nothing asks for a frame any more, at most 100 times; returns how often.
  int settle();
  void advance(double ms);  // the clock, and the frames that fall due
  void screen(float width, float height, float ratio = 1);

  const AccessNode* find(std::string_view name) const;
  void tap(std::string_view name);
  void type(std::string_view field, std::string_view value, bool composing = false);
  void finger(PointerAction action, Vec at);

  Client& client() { return client_; }
  RecordingPage& page() { return page_; }
  double now_ms() const { return now_ms_; }

 private:
  RecordingPage page_;
  NullRenderer renderer_;
  Client client_;
  double now_ms_ = 1'000;
};

}  // namespace banyan::ui
