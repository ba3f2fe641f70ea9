#include "client/widgets/field.h"

#include "tests/unit/client/screen.h"

namespace banyan::ui {
namespace {

using test::TestScreen;

struct Typed {
  explicit Typed(FieldKind kind) : kind_of(kind) {}
  FieldKind kind_of;
  std::string value;
  FieldResponse last;
  TestScreen screen{[this](Frame& frame, Rect) {
    last = text_field(frame, {20, 20, 300, 92}, {.label = "field", .kind = kind_of}, value);
  }};
  Headless& app() { return *screen.app; }
  Id id() { return app().find("field")->id; }
  std::string sent() {
    std::string all;
    for (const std::string& message : app().page().messages) all += message;
    return all;
  }
};

}  // namespace

TEST_CASE("what an input method is still composing is not the value") {
  Typed it(FieldKind::text);
  it.app().type("field", "wang", true);
  CHECK(it.value.empty());
  CHECK(it.last.composing);
  it.app().type("field", "王", false);
  CHECK(it.value == "王");
  CHECK_FALSE(it.last.composing);
}

TEST_CASE("typing is not sent back to the page as a change by the program") {
  Typed it(FieldKind::text);
  const std::string before = it.app().find("field")->extra;
  it.app().type("field", "a");
  CHECK(it.app().find("field")->extra == before);  // the revision lies in there
}

TEST_CASE("a change by the program reaches the page with a new revision") {
  Typed it(FieldKind::text);
  const std::string before = it.app().find("field")->extra;
  it.value = "from a draft";
  it.app().client().invalidate();
  it.app().settle();
  CHECK(it.app().find("field")->extra != before);
  CHECK(it.app().find("field")->value == "from a draft");
}

TEST_CASE("money is grouped when the person leaves the field") {
  Typed it(FieldKind::money);
  it.app().client().text(it.id(), {"150000.5", false, true, false});
  it.app().settle();
  CHECK(it.value == "150,000.50");
}

TEST_CASE("a secret never leaves the worker") {
  Typed it(FieldKind::secret);
  it.app().type("field", "correct horse battery");
  CHECK(it.value == "correct horse battery");
  CHECK(it.sent().find("correct") == std::string::npos);
}

TEST_CASE("an identity number says how many characters are missing") {
  const Texts texts(Language::english);
  const format::Clock clock{1'776'304'800'000, 480};
  CHECK(id_number_trouble(texts, clock, "0000 0019 7402") == "6 digits missing of 18");
  CHECK(id_number_trouble(texts, clock, "11010519491231002X").empty());
  CHECK_FALSE(id_number_trouble(texts, clock, "110105194912310021").empty());
}

TEST_CASE("the last characters reach their field when the address changes before the next frame") {
  std::string note;
  AppShell shell{Preferences{}};
  shell.add("note", std::make_unique<test::TestView>([&](Frame& frame, Rect) {
              text_field(frame, {20, 20, 300, 92}, {.label = "note"}, note);
            }));
  shell.add("other", std::make_unique<test::TestView>([](Frame&, Rect) {}));
  shell.set_home("#/note");
  shell.replace("#/note");
  Headless app(shell, test::file_bytes(BANYAN_TEST_FONT), test::file_bytes(BANYAN_TEST_ICONS));
  const Id field = app.find("note")->id;
  app.client().text(field, {"agreed: harvest", false, false, false});
  app.client().hash("#/other");
  app.client().text(field, {"agreed: harvest loan", false, true, false});  // the field lost focus
  app.settle();
  CHECK(note == "agreed: harvest loan");
  CHECK(shell.route().name == "other");
}

TEST_CASE("a button pressed in the same moment sees what was typed before") {
  std::string name, saved, shown;
  TestScreen screen{[&](Frame& frame, Rect) {
    shown = saved;
    // Drawn before the field, as a bar above a form is.
    const Response save = interact(frame, frame.id("save"), {20, 20, 100, 44},
                                   {.role = Role::button, .name = "save"});
    if (save.clicked) saved = name;
    text_field(frame, {20, 100, 300, 92}, {.label = "name"}, name);
  }};
  Client& client = screen.app->client();
  client.text(screen.app->find("name")->id, {"王桂兰", false, true, false});
  client.activate(screen.app->find("save")->id);
  screen.app->settle();
  CHECK(saved == "王桂兰");
  CHECK(shown == "王桂兰");  // drawn once more, with what the press has changed
}

}  // namespace banyan::ui
