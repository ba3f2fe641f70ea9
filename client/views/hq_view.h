// The whole bank as headquarters sees it: the branches with their figures, what
// came in, and which devices have not been heard of.
#pragma once

#include "client/cached.h"
#include "client/view.h"
#include "client/views/hq_data.h"

namespace banyan::ui {

class HqView final : public View {
 public:
  static constexpr float kDeviceHeight = 58;
  explicit HqView(App& app) : app_(app), data_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_top_bar(Frame& frame, const Route& route, Rect& rect) override;
  void hidden() override;

 private:
  const std::vector<BranchReport>& branches();
  void wide(Frame& frame, Rect area);
  void narrow(Frame& frame, Rect area);
  void figures(Frame& frame, Rect rect);
  void branch_table(Frame& frame, Rect rect);
  void branch_row(Frame& frame, const Rect& rect, std::size_t index);
  void devices(Frame& frame, Rect rect);
  void arrivals(Frame& frame, Rect rect);
  void arrival_row(Frame& frame, const Rect& rect, const HqData::Line& line, bool first);
  bool out_of_reach(Frame& frame, const Rect& rect);

  App& app_;
  HqData data_;
  Cached<std::vector<BranchReport>> branches_;
  int tab_ = 0;  // phone
  double opened_ms_ = -1;
};

}  // namespace banyan::ui
