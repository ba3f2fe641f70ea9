#include "client/input.h"

#include "client/widgets/button.h"
#include "client/widgets/scroll.h"
#include "client/widgets/steps.h"
#include "tests/unit/client/screen.h"

namespace banyan::ui {
namespace {

using test::TestScreen;

struct Counted {
  int clicks = 0, menus = 0;
  TestScreen screen{[this](Frame& frame, Rect) {
    const Response pressed =
        interact(frame, frame.id("item"), {100, 100, 200, 60},
                 {.role = Role::button, .name = "item", .states = state::kContext});
    clicks += pressed.clicked ? 1 : 0;
    menus += pressed.context ? 1 : 0;
  }};
  Headless& app() { return *screen.app; }
};

}  // namespace

TEST_CASE("a tap presses the item under the finger once") {
  Counted it;
  it.app().tap("item");
  CHECK(it.clicks == 1);
}

TEST_CASE("a finger that moved ten units presses nothing") {
  Counted it;
  it.app().finger(PointerAction::down, {150, 130});
  it.app().finger(PointerAction::move, {150, 141});
  it.app().finger(PointerAction::up, {150, 141});
  it.app().settle();
  CHECK(it.clicks == 0);
}

TEST_CASE("a finger that slid nine units still presses") {
  Counted it;
  it.app().finger(PointerAction::down, {150, 130});
  it.app().finger(PointerAction::move, {150, 139});
  it.app().finger(PointerAction::up, {150, 139});
  it.app().settle();
  CHECK(it.clicks == 1);
}

TEST_CASE("half a second without moving opens the menu instead of clicking") {
  Counted it;
  it.app().finger(PointerAction::down, {150, 130});
  it.app().advance(600);
  CHECK(it.menus == 1);
  it.app().finger(PointerAction::up, {150, 130});
  it.app().settle();
  CHECK(it.clicks == 0);
}

TEST_CASE("a cancelled touch presses nothing") {
  Counted it;
  it.app().finger(PointerAction::down, {150, 130});
  it.app().finger(PointerAction::cancel, {150, 130});
  it.app().settle();
  CHECK(it.clicks == 0);
}

TEST_CASE("a screen that nobody touches draws nothing") {
  Counted it;
  it.app().settle();
  const std::uint64_t before = it.app().client().frames();
  it.app().advance(60'000);
  CHECK(it.app().client().frames() == before);
}

TEST_CASE("a dragged list moves with the finger, and its buttons are not pressed") {
  int clicks = 0;
  float offset = 0;
  TestScreen screen{[&](Frame& frame, Rect) {
    Scroll scroll(frame, frame.id("list"), {0, 0, 400, 300});
    Rect column = scroll.content();
    for (int i = 0; i < 40; ++i) {
      IdScope scope(static_cast<std::uint64_t>(i));
      clicks += button(frame, column.cut_top(50), {.label = "row"}) ? 1 : 0;
    }
    scroll.end(column.y);
    offset = scroll.offset();
  }};
  Headless& app = *screen.app;
  app.finger(PointerAction::down, {100, 200});
  app.finger(PointerAction::move, {100, 150});
  app.settle();
  app.finger(PointerAction::move, {100, 120});
  app.settle();
  app.advance(400);  // the finger rests: no throw
  app.finger(PointerAction::up, {100, 120});
  app.settle();
  CHECK(offset == doctest::Approx(80));
  CHECK(clicks == 0);
}

TEST_CASE("a list goes on when the finger leaves it moving, and no faster than can be followed") {
  float offset = 0;
  TestScreen screen{[&](Frame& frame, Rect) {
    Scroll scroll(frame, frame.id("list"), {0, 0, 400, 300});
    Rect column = scroll.content();
    column.cut_top(20'000);
    scroll.end(column.y);
    offset = scroll.offset();
  }};
  Headless& app = *screen.app;
  app.finger(PointerAction::down, {100, 290});
  app.finger(PointerAction::move, {100, 150});
  app.advance(1);  // as when the events of a stretch arrive together
  app.finger(PointerAction::move, {100, 10});
  app.finger(PointerAction::up, {100, 10});
  for (int i = 0; i < 200; ++i) {
    app.advance(16);
    app.settle();
  }
  CHECK(offset > 280 + 1000);
  CHECK(offset < 280 + 8 * 325 + 10);
}

TEST_CASE("the millionth row stands where the first one would") {
  std::int64_t first = -1;
  Rect where;
  bool jump = false;
  TestScreen screen{[&](Frame& frame, Rect) {
    const Id id = frame.id("rows");
    if (std::exchange(jump, false)) RowList::show(frame, id, 999'000, 64);
    RowList list(frame, id, {0, 0, 400, 640}, 64, 1'000'000);
    first = -1;
    while (list.next()) {
      if (first < 0 && list.rect().y >= 0) first = list.index(), where = list.rect();
    }
  }};
  jump = true;
  screen.app->client().invalidate();
  screen.app->settle();
  CHECK(first == 999'000);
  CHECK(where.y == 0);
  CHECK(where.h == 64);
}

TEST_CASE("tabs bring the current one into sight, and leave the page around them where it is") {
  std::vector<TabSpec> all(12, TabSpec{.label = "A tab"});
  all.back().label = "The current tab";
  float page = -1;
  TestScreen screen{[&](Frame& frame, Rect) {
    Scroll scroll(frame, frame.id("page"), {0, 0, 400, 300});
    Rect column = scroll.content();
    column.cut_top(2'000);
    tabs(frame, {column.x, column.y, 400, 48}, "Parts", all, 11);
    column.cut_top(48);
    scroll.end(column.y);
    page = scroll.offset();
  }};
  screen.app->settle();
  CHECK(page == 0);
  const AccessNode* current = screen.app->find("The current tab");
  REQUIRE(current != nullptr);
  CHECK(current->rect.right() <= 400);
}

}  // namespace banyan::ui
