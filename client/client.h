// The app's main loop, the same in the browser's worker and headless.
//
// The platform brings events and asks for frames; nothing is drawn that nobody needs.
//   client.pointer(...);                 // any event
//   if (client.wants_frame()) client.frame(now, wall);
//   schedule(client.wakes_at_ms());
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "client/app_shell.h"
#include "client/frame.h"

struct ImDrawData;
struct ImGuiContext;

namespace banyan::ui {

// Draws what Dear ImGui prepared and keeps its textures.
class Renderer : public PictureMaker {
 public:
  // Dear ImGui's context exists from now on.
  virtual void attach() = 0;
  virtual void render(ImDrawData& data, std::uint32_t background) = 0;
};

class Client {
 public:
  // All three must outlive this object, or the shell until another one is shown.
  Client(AppShell& shell, Page& page, Renderer& renderer);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Another shell from now on: the app behind it was opened or closed.
  void show(AppShell& shell);

  // Events; each asks for a frame.
  void pointer(PointerEvent event);
  void key(KeyPress press);
  void text(Id field, TextEdit edit);
  void focus(Id item, bool visible);
  void activate(Id item);
  void ask_context(Id item);
  void resize(const Screen& screen);
  // The page's address changed. What was typed before reaches its field first.
  void hash(std::string_view route);
  void font(FontFile file, std::vector<std::uint8_t> bytes);
  void page_restarted();
  void update_ready();
  void file(int request, PickedFile file);
  void place(int request, Fix fix);
  void saved(int request, bool done);
  void camera(CameraPicture picture);
  void picture(int request, int width, int height, ByteView rgba);
  void renderer_renewed();
  void invalidate() { settle_ = kSettleFrames; }
  // A timer that a widget asked for ran out.
  void wake() { settle_ = std::max(settle_, 1); }

  bool wants_frame() const;
  // When the next frame is due without any event; negative: never.
  double wakes_at_ms() const { return wake_at_ms_; }
  void frame(double now_ms, format::Clock clock);

  const Access& access() const { return access_; }
  std::uint64_t frames() const { return frames_; }

 private:
  // What an item does on a click may change what stands around it: one more frame shows it.
  static constexpr int kSettleFrames = 2;

  ImGuiContext* context_;
  AppShell* shell_;
  Page& page_;
  Renderer& renderer_;
  Access access_;
  Input input_;
  Fonts fonts_;
  Memory memory_;
  Pictures pictures_;
  Screen screen_;
  std::optional<std::string> hash_;  // where to go once the text before it is taken
  bool update_ready_ = false;
  int settle_ = kSettleFrames;
  double wake_at_ms_ = -1;
  double last_frame_ms_ = 0;
  std::uint64_t frames_ = 0;
};

}  // namespace banyan::ui
