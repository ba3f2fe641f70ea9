// A shell with one view that a test draws into, and the app around it without a screen.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "client/platform/headless/headless.h"

namespace banyan::ui::test {

inline std::vector<std::uint8_t> file_bytes(const char* path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

using Draw = std::function<void(Frame&, Rect)>;

class TestView final : public View {
 public:
  explicit TestView(Draw draw) : draw_(std::move(draw)) {}
  Surroundings surroundings(Frame&, const Route&) override {
    Surroundings around;
    around.title = "Test";
    around.bare = true;
    return around;
  }
  void draw(Frame& frame, const Route&, Rect area) override { draw_(frame, area); }

 private:
  Draw draw_;
};

struct TestScreen {
  explicit TestScreen(Draw draw) : shell(std::make_unique<AppShell>(Preferences{})) {
    shell->add("test", std::make_unique<TestView>(std::move(draw)));
    shell->set_home("#/test");
    app = std::make_unique<Headless>(*shell, file_bytes(BANYAN_TEST_FONT),
                                     file_bytes(BANYAN_TEST_ICONS));
  }
  std::unique_ptr<AppShell> shell;
  std::unique_ptr<Headless> app;
};

}  // namespace banyan::ui::test
