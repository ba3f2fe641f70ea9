#include "client/views/passphrase_sheet.h"

#include <algorithm>

#include "client/app_shell.h"
#include "client/views/doorway.h"
#include "client/widgets/button.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"

namespace banyan::ui {

void PassphraseSheet::forget() {
  for (std::string* secret : {&now_, &next_, &again_}) {
    std::fill(secret->begin(), secret->end(), '\0');
    secret->clear();
  }
  now_visible_ = next_visible_ = again_visible_ = tried_ = asked_ = false;
}

void PassphraseSheet::open(Frame& frame) {
  forget();
  frame.shell.open({.title = std::string(frame.t(T::settings_passphrase)),
                    .height = 420,
                    .draw = [this](Frame& now, Rect area) { draw(now, area); }});
}

void PassphraseSheet::draw(Frame& frame, Rect area) {
  using Answer = App::PassphraseChange;
  const Answer change = asked_ ? app_.passphrase_change() : Answer::None;
  if (change == Answer::Done) {
    AppShell& shell = frame.shell;
    forget();
    shell.close_sheet();
    return shell.toast({.text = std::string(shell.texts().get(T::settings_passphrase_done))});
  }
  const bool busy = change == Answer::Busy;
  const std::int64_t wait_ms = app_.locked_for_ms();
  std::string wrong;
  if (change == Answer::Failed && app_.trouble()) {
    wrong = door_trouble(frame, *app_.trouble(), false);
  }
  if (wait_ms > 0) wrong = door_wait(frame, wait_ms);
  Scroll scroll(frame, frame.id("passphrase"), area);
  Rect column = scroll.content();
  column.h = 10'000;
  const auto field = [&](FieldSpec spec, std::string& value, bool& visible) {
    spec.icon = Icon::key_round;
    spec.required = true;
    return secret_field(frame, column.cut_top(field_height(frame, spec, column.w), 8), spec, value,
                        visible);
  };
  field({.label = frame.t(T::settings_passphrase_now), .error = wrong, .enter = "next"}, now_,
        now_visible_);
  const std::string flaw = tried_ ? passphrase_flaw(frame, next_) : std::string();
  field({.label = frame.t(T::settings_passphrase_next),
         .hint = frame.t(T::welcome_passphrase_hint),
         .error = flaw,
         .enter = "next"},
        next_, next_visible_);
  const bool differs = tried_ && again_ != next_;
  const bool entered = field({.label = frame.t(T::welcome_again),
                              .error = differs ? frame.t(T::welcome_differs) : std::string_view(),
                              .enter = "go"},
                             again_, again_visible_)
                           .entered;
  const bool pressed = button(frame, column.cut_top(52, 8),
                              {.label = frame.t(T::settings_passphrase_set),
                               .kind = ButtonKind::primary,
                               .size = ButtonSize::large,
                               .disabled = wait_ms > 0 || now_.empty(),
                               .busy = busy ? frame.t(T::unlock_opening) : std::string_view()});
  scroll.end(column.y);
  if ((!pressed && !entered) || busy || wait_ms > 0 || now_.empty()) return;
  tried_ = true;
  if (!passphrase_flaw(frame, next_).empty() || again_ != next_) return;
  asked_ = true;
  app_.change_passphrase(SecretBytes(now_), SecretBytes(next_));
}

}  // namespace banyan::ui
