// All customers on this device: found as one types, filtered, and opened.
#pragma once

#include <memory>

#include "client/cached.h"
#include "client/view.h"
#include "client/views/customer_filters.h"
#include "client/views/mass_sheet.h"
#include "client/widgets/tag.h"
#include "shared/app/app.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class CustomersView final : public View {
 public:
  explicit CustomersView(App& app) : app_(app), sheet_(app), mass_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_top_bar(Frame& frame, const Route& route, Rect& rect) override;

 private:
  void ask();
  void finder(Frame& frame, Rect& column);
  void filters(Frame& frame, const Rect& rect);
  void drop(Frame& frame, Rect& row);
  void tag_all(Frame& frame);
  void list(Frame& frame, Rect rect);
  void row(Frame& frame, const Rect& rect, std::int64_t index);
  void summary(Frame& frame, Rect rect);
  void open(Frame& frame, RowId customer);
  bool wide(Frame& frame) const { return !frame.phone(); }

  App& app_;
  const Session* session_ = nullptr;  // the one that list_ reads
  std::unique_ptr<CustomerList> list_;
  std::string typed_;
  CustomerFilter filter_;
  CustomerFilters sheet_;
  MassSheet mass_;
  CustomerSort sort_ = CustomerSort::Best;
  RowId chosen_{};
  Cached<CustomerHead> head_;
  Cached<std::vector<TimelineItem>> lately_;
};

}  // namespace banyan::ui
