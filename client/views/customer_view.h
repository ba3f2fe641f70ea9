// Everything about one customer (#/customer/ID?tab=...): who it is, what it has,
// what happened, what is known, and what to do next.
#pragma once

#include <set>

#include "client/view.h"
#include "client/views/customer_data.h"
#include "client/views/customer_history.h"
#include "client/views/product_chips.h"

namespace banyan::ui {

class CustomerView final : public View {
 public:
  explicit CustomerView(App& app) : app_(app), history_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_top_bar(Frame& frame, const Route& route, Rect& rect) override;
  void hidden() override {
    shown_.clear();
    history_.forget();
  }

 private:
  enum class Tab : std::uint8_t {
    Overview,
    Accounts,
    Transactions,
    Contact,
    Requests,
    Profile,
    History
  };
  bool open(const Route& route);
  Tab tab_of(const Route& route) const;
  void go(Frame& frame, Tab tab);
  void go_visit(Frame& frame);

  void strip(Frame& frame, Rect rect, Tab now);
  void body(Frame& frame, Rect rect, Tab now);
  // customer_overview.cpp
  void overview(Frame& frame, Rect area);
  void overview_phone(Frame& frame, Rect area);
  void accounts_card(Frame& frame, Rect rect);
  void timeline_card(Frame& frame, Rect rect, std::size_t count_max);
  void balances_card(Frame& frame, Rect rect);
  void relations_card(Frame& frame, Rect rect);
  void tasks_card(Frame& frame, Rect rect);
  void next_card(Frame& frame, Rect rect);
  // customer_lists.cpp
  void accounts(Frame& frame, Rect area);
  void transactions(Frame& frame, Rect area);
  void transaction_rows(Frame& frame, Rect area);
  void contact(Frame& frame, Rect area);
  void requests(Frame& frame, Rect area);
  // customer_profile.cpp
  void profile(Frame& frame, Rect area);
  void fields(Frame& frame, Rect& column);
  void children(Frame& frame, const Entity& entity, Rect& column);
  void relations(Frame& frame, Rect& column);
  void documents(Frame& frame, Rect& column);
  // customer_sheets.cpp
  void open_menu(Frame& frame);
  void open_note(Frame& frame);
  void open_task(Frame& frame);
  void note_sheet(Frame& frame, Rect area);
  void task_sheet(Frame& frame, Rect area);
  void call(Frame& frame);
  void tick(Frame& frame, const TaskItem& task);

  App& app_;
  CustomerData data_;
  CustomerHistory history_;
  std::set<std::string> shown_;  // personal fields that the person asked to see
  std::int64_t channel_ = 0, direction_ = 0;
  RowId product_{};
  ProductChips products_;
  std::string note_, task_;
  std::int64_t task_day_ = kNoDay;
};

}  // namespace banyan::ui
