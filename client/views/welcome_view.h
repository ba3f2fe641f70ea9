// A new person on this tablet: the code from the branch, and a passphrase.
#pragma once

#include "client/view.h"
#include "shared/app/app.h"

namespace banyan::ui {

class WelcomeView final : public View {
 public:
  explicit WelcomeView(App& app) : app_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void shown(const Route& route) override;
  void hidden() override;

 private:
  void form(Frame& frame, Rect& column);

  App& app_;
  std::string code_, passphrase_, again_;
  bool visible_ = false, again_visible_ = false, tried_ = false;
};

}  // namespace banyan::ui
