// Work without a network: take this device's changes away, read what came, carry for colleagues.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/app_shell.h"
#include "client/cached.h"
#include "client/view.h"
#include "client/views/carry_codes.h"
#include "shared/app/app.h"
#include "shared/app/carrying.h"

namespace banyan::ui {

class CarryView final : public View {
 public:
  explicit CarryView(App& app) : app_(app) {}
  ~CarryView() override { *alive_ = false; }
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void hidden() override;

 private:
  // What one way of giving a file away needs to know.
  struct Offer {
    Bytes file;
    std::string name;
    std::function<void()> given;  // the person has it
  };
  void overview(Frame& frame, Rect area);
  void out(Frame& frame, Rect& column);
  void in(Frame& frame, Rect& column);
  void held(Frame& frame, Rect& column);
  void held_sheet(Frame& frame, const HeldParcels& one);
  Result<Offer> own();
  Result<Offer> of(DeviceId device, sync::Heading heading);
  void save(Frame& frame, Result<Offer> offer, bool share);
  void show(Frame& frame, Result<Offer> offer);
  void pick(Frame& frame);
  void read(Bytes file);
  const std::vector<HeldParcels>& held_parcels();
  void say(Tint tone, std::string words);

  App& app_;
  CodeScreen screen_;
  CodeCamera camera_;
  Cached<std::vector<HeldParcels>> held_;
  std::string said_;          // about the file that was given away last
  std::optional<T> trouble_;  // why the last file was not read
  Tint said_tone_ = Tint::quiet;
  bool read_ = false;  // something was read since the view was opened
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // the page answers late
};

// What came of reading, in words: one line each, the worst last.
struct ReadingLine {
  Tint tone;
  std::string words;
};
std::vector<ReadingLine> reading_lines(Frame& frame, const Session& session);

}  // namespace banyan::ui
