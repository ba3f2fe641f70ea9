// Who works on this tablet, and the passphrase that opens their data.
#pragma once

#include "client/view.h"
#include "shared/app/app.h"

namespace banyan::ui {

class UnlockView final : public View {
 public:
  explicit UnlockView(App& app) : app_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void hidden() override;

 private:
  void people(Frame& frame, Rect& column);
  void passphrase(Frame& frame, Rect& column);

  App& app_;
  std::size_t chosen_ = 0;
  std::string passphrase_;
  bool visible_ = false;
};

}  // namespace banyan::ui
