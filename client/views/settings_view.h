// Who works on this device, how it looks, and what the app is made of.
#pragma once

#include "client/view.h"
#include "client/views/passphrase_sheet.h"
#include "shared/app/app.h"

namespace banyan::ui {

class SettingsView final : public View {
 public:
  explicit SettingsView(App& app) : app_(app), passphrase_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void hidden() override { passphrase_.forget(); }

 private:
  bool person(Frame& frame, Rect& column);
  void display(Frame& frame, Rect& column);
  void data(Frame& frame, Rect& column);
  void about(Frame& frame, Rect& column);
  void open_notices(Frame& frame);

  App& app_;
  PassphraseSheet passphrase_;
};

}  // namespace banyan::ui
