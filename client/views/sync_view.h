// The outbox: where every change of this device is, what a person has to decide,
// and what headquarters did not take.
#pragma once

#include "client/cached.h"
#include "client/view.h"
#include "client/views/conflict_desk.h"

namespace banyan::ui {

class SyncView final : public View {
 public:
  explicit SyncView(App& app) : app_(app), desk_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_top_bar(Frame& frame, const Route& route, Rect& rect) override;
  void hidden() override { desk_.forget(); }

 private:
  const OutboxSummary& summary();
  const std::vector<OutboxItem>& items();
  void wide(Frame& frame, Rect area);
  void narrow(Frame& frame, Rect area);
  void state(Frame& frame, Rect& column);
  void list(Frame& frame, Rect rect);
  void item_row(Frame& frame, const Rect& rect, const OutboxItem& item, bool first);
  void refused(Frame& frame, Rect rect);
  void open(Frame& frame, const OutboxItem& item);

  App& app_;
  ConflictDesk desk_;
  Cached<OutboxSummary> summary_;
  Cached<std::vector<OutboxItem>> items_;
  int tab_ = -1;  // phone: state, outbox, to decide, refused; -1: the one that matters most
  int desk_tab_ = 0;
};

}  // namespace banyan::ui
