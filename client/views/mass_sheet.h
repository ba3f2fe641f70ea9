// A tag on all customers that a search has found, or off: choose, watch, stop, take all of it back.
// What was done lately on this device can be taken back here, too.
#pragma once

#include <string_view>
#include <vector>

#include "client/cached.h"
#include "client/frame.h"
#include "shared/app/app.h"
#include "shared/app/mass.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class MassSheet {
 public:
  explicit MassSheet(App& app) : app_(app) {}

  // `complete`: these are all that the search has found, not the first of them.
  void open(Frame& frame, std::vector<RowId> customers, bool complete);

 private:
  void draw(Frame& frame, Rect area);
  void choose(Frame& frame, Rect area);
  void tags(Frame& frame, Rect& area, const std::vector<RefChoice>& all);
  void lately(Frame& frame, Rect area);
  void watch(Frame& frame, Rect area);
  void outcome(Frame& frame, Rect area, const MassItem& item);
  void begin(Frame& frame);
  void refuse(Frame& frame);

  App& app_;
  std::vector<RowId> customers_;
  bool complete_ = true;
  MassChange change_;
  std::int64_t running_ = 0;  // the one that is shown; 0: none
  bool going_ = false;        // and works on, portion by portion
  Cached<std::vector<RefChoice>> tags_;
  Cached<std::vector<MassItem>> lately_;
};

}  // namespace banyan::ui
