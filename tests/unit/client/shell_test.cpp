#include "client/app_shell.h"
#include "client/widgets/button.h"
#include "client/widgets/text.h"
#include "tests/unit/client/screen.h"

namespace banyan::ui {

using test::TestScreen;

TEST_CASE("a route survives its way through the address") {
  const Route route = Route::parse("#/customers/123/accounts?tab=open&page=2");
  CHECK(route.name == "customers");
  CHECK(route.part(0) == "123");
  CHECK(route.part(5).empty());
  CHECK(route.value("page") == "2");
  CHECK(route.value("pag").empty());
  CHECK(Route::parse(route.hash()) == route);
}

TEST_CASE("an address that nobody knows leads home") {
  TestScreen screen{
      [](Frame& frame, Rect area) { label(frame, area.cut_top(20), "home", type::kBody); }};
  screen.shell->go("#/no-such-view/1");
  screen.app->client().invalidate();
  screen.app->settle();
  CHECK(screen.app->find("home") != nullptr);
}

TEST_CASE("nothing under a dialog can be pressed until it is answered") {
  int below = 0;
  bool confirmed = false;
  TestScreen screen{[&](Frame& frame, Rect) {
    below += button(frame, {440, 300, 400, 200}, {.label = "below"}) ? 1 : 0;
  }};
  screen.shell->ask(
      {.title = "Sure?", .text = "It cannot be undone.", .confirm = "Erase", .confirmed = [&] {
         confirmed = true;
       }});
  screen.app->client().invalidate();
  screen.app->settle();
  screen.app->tap("below");
  CHECK(below == 0);
  screen.app->tap("Erase");
  CHECK(confirmed);
  screen.app->tap("below");
  CHECK(below == 1);
}

TEST_CASE("Escape closes the top layer, and with it takes the safe answer") {
  bool confirmed = false, cancelled = false;
  TestScreen screen{[](Frame&, Rect) {}};
  screen.shell->ask({.title = "Sure?",
                     .text = "",
                     .confirm = "Erase",
                     .confirmed = [&] { confirmed = true; },
                     .cancelled = [&] { cancelled = true; }});
  screen.app->client().key({.name = "Escape"});
  screen.app->settle();
  CHECK(cancelled);
  CHECK_FALSE(confirmed);
  CHECK_FALSE(screen.shell->has_layer());
}

TEST_CASE("a toast goes by itself, and undo works while it stays") {
  int undone = 0;
  TestScreen screen{[](Frame&, Rect) {}};
  screen.shell->toast({.text = "saved", .undo = [&] { ++undone; }});
  screen.app->client().invalidate();
  screen.app->settle();
  REQUIRE(screen.app->find("saved") != nullptr);
  screen.app->tap("撤回");
  CHECK(undone == 1);
  screen.shell->toast({.text = "again"});
  screen.app->client().invalidate();
  screen.app->advance(4'500);
  CHECK(screen.app->find("again") == nullptr);
}

TEST_CASE("only what changed is sent to the page") {
  std::string text = "one";
  TestScreen screen{[&](Frame& frame, Rect area) {
    label(frame, area.cut_top(20), text, type::kBody);
    label(frame, area.cut_top(20), "always", type::kBody);
  }};
  auto& messages = screen.app->page().messages;
  messages.clear();
  screen.app->client().invalidate();
  screen.app->settle();
  CHECK(messages.empty());
  text = "two";
  screen.app->client().invalidate();
  screen.app->settle();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].find("two") != std::string::npos);
  CHECK(messages[0].find("always") == std::string::npos);
  CHECK(messages[0].find("order") == std::string::npos);
}

TEST_CASE("lines break between Chinese characters but never before a closing mark") {
  std::vector<std::string> lines;
  TestScreen screen{[&](Frame& frame, Rect) {
    lines.clear();
    // Five characters of 15 fit in 75; the comma is the sixth and pulls 五 down with it.
    for (const std::string_view line : wrap(frame, "一二三四五，六", type::kBody, 76))
      lines.emplace_back(line);
  }};
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "一二三四");
  CHECK(lines[1] == "五，六");
}

TEST_CASE("an amount is never broken over two lines") {
  std::vector<std::string> lines;
  TestScreen screen{[&](Frame& frame, Rect) {
    lines.clear();
    for (const std::string_view line : wrap(frame, "额度 ¥150,000.00 元", type::kBody, 100))
      lines.emplace_back(line);
  }};
  REQUIRE(lines.size() >= 2);
  CHECK(lines[1].find("¥150,000.00") == 0);
}

}  // namespace banyan::ui
