// The day at a glance: figures, the route with its next stop, tasks, and what is
// worth a word on the way.
#pragma once

#include "client/cached.h"
#include "client/view.h"
#include "shared/app/app.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class TodayView final : public View {
 public:
  explicit TodayView(App& app) : app_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;

 private:
  const Today& today();
  void wide(Frame& frame, Rect area);
  void narrow(Frame& frame, Rect area);
  // While the first sync runs a list is not empty but on its way: says so and is true.
  bool fetching(Frame& frame, const Rect& rect, Icon icon);
  void route_card(Frame& frame, Rect rect, bool whole);
  void stops(Frame& frame, Rect& column);
  void tasks_card(Frame& frame, Rect rect, bool whole);
  void task(Frame& frame, const Rect& rect, const TaskItem& item, bool first);
  void set_done(Frame& frame, const TaskItem& item);
  void news_row(Frame& frame, Rect rect);

  App& app_;
  Cached<Today> today_;
};

}  // namespace banyan::ui
