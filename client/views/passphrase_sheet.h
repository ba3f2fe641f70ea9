// Another passphrase for the person who is working: the present one, the next one twice.
#pragma once

#include <string>

#include "client/frame.h"
#include "shared/app/app.h"

namespace banyan::ui {

class PassphraseSheet {
 public:
  explicit PassphraseSheet(App& app) : app_(app) {}
  void open(Frame& frame);
  void forget();  // what was typed

 private:
  void draw(Frame& frame, Rect area);

  App& app_;
  std::string now_, next_, again_;
  bool now_visible_ = false, next_visible_ = false, again_visible_ = false;
  bool tried_ = false, asked_ = false;  // asked_: the app's answer is to what stands here
};

}  // namespace banyan::ui
