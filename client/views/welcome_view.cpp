#include "client/views/welcome_view.h"

#include "client/views/doorway.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"

namespace banyan::ui {

Surroundings WelcomeView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(T::welcome_title)), .bare = true};
}

// The link from the branch carries the code behind '#': "enrol=...".
void WelcomeView::shown(const Route& route) {
  if (route.query.starts_with("enrol=")) code_ = route.query;
}

void WelcomeView::hidden() {
  for (std::string* secret : {&passphrase_, &again_}) {
    std::fill(secret->begin(), secret->end(), '\0');
    secret->clear();
  }
  code_.clear();
  visible_ = again_visible_ = tried_ = false;
}

void WelcomeView::draw(Frame& frame, const Route&, Rect area) {
  Rect column = doorway(frame, area, "");
  Scroll scroll(frame, frame.id("welcome"), column);
  Rect content = scroll.content();
  content.h = 10'000;
  content.cut_top(headline(frame, content, frame.t(T::welcome_title), type::kFigure, 1), 4);
  content.cut_top(paragraph(frame, content, frame.t(T::welcome_note), type::kBody, Color::text_2) +
                  16);
  form(frame, content);
  const LinkSpec back{.label = frame.t(T::welcome_back), .before = Icon::arrow_left};
  if (!app_.people().empty() &&
      link(frame, content.cut_top(44).moved(-8, 0).cut_left(link_width(frame, back)), back)) {
    frame.shell.go("#/unlock");
  }
  scroll.end(content.y);
}

void WelcomeView::form(Frame& frame, Rect& column) {
  const bool busy = app_.phase() == App::Phase::Enrolling;
  const std::string trouble =
      app_.trouble() ? door_trouble(frame, *app_.trouble(), true) : std::string();
  const FieldSpec code{.label = frame.t(T::welcome_code),
                       .hint = frame.t(T::welcome_code_hint),
                       .error = trouble,
                       .icon = Icon::qr_code,
                       .required = true,
                       .enter = "next"};
  text_field(frame, column.cut_top(field_height(frame, code, column.w), 8), code, code_);
  const std::string flaw = tried_ ? passphrase_flaw(frame, passphrase_) : std::string();
  const FieldSpec first{.label = frame.t(T::welcome_passphrase),
                        .hint = frame.t(T::welcome_passphrase_hint),
                        .error = flaw,
                        .icon = Icon::key_round,
                        .required = true,
                        .enter = "next"};
  secret_field(frame, column.cut_top(field_height(frame, first, column.w), 8), first, passphrase_,
               visible_);
  const bool differs = tried_ && again_ != passphrase_;
  const FieldSpec second{.label = frame.t(T::welcome_again),
                         .error = differs ? frame.t(T::welcome_differs) : std::string_view(),
                         .icon = Icon::key_round,
                         .required = true,
                         .enter = "go"};
  const FieldResponse typed =
      secret_field(frame, column.cut_top(field_height(frame, second, column.w), 8), second, again_,
                   again_visible_);
  const bool pressed = button(frame, column.cut_top(52, 12),
                              {.label = frame.t(T::welcome_start),
                               .kind = ButtonKind::primary,
                               .size = ButtonSize::large,
                               .busy = busy ? frame.t(T::welcome_working) : std::string_view()});
  if ((!pressed && !typed.entered) || busy) return;
  tried_ = true;
  if (flaw_of(passphrase_) == PassphraseFlaw::None && again_ == passphrase_) {
    app_.enrol(code_, SecretBytes(passphrase_));
  }
}

}  // namespace banyan::ui
