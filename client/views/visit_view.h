// A visit as it is being recorded (#/visit/CUSTOMER[/PLAN]): why, what was said,
// how it ended, what comes next, and the evidence that somebody was there. What
// is typed stays for as long as the person works; only saving or giving up ends it.
#pragma once

#include <map>
#include <utility>

#include "client/cached.h"
#include "client/view.h"
#include "client/views/product_chips.h"
#include "client/widgets/tag.h"
#include "shared/app/app.h"
#include "shared/app/commands.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class VisitView final : public View {
 public:
  explicit VisitView(App& app) : app_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_actions(Frame& frame, const Route& route, Rect rect) override;

 private:
  using Key = std::pair<RowId, RowId>;  // customer, plan
  struct Draft {
    VisitReport report;
    std::string next_day;  // as typed
    enum class Locating : std::uint8_t { NotYet, Asked, Found, Refused, Nowhere } locating{};
    std::int64_t placed_ms = 0;
  };

  Draft* open(const Route& route);
  Draft begin(const Key& key);
  const CustomerHead& head();
  const std::vector<TaskItem>& tasks();
  float record(Frame& frame, Draft& draft, Rect column);
  float choices(Frame& frame, Rect column, T name, const Field& field, std::int64_t& chosen);
  float next_step(Frame& frame, Draft& draft, Rect column);
  float photos(Frame& frame, Draft& draft, Rect column);
  void take_photo(Frame& frame);
  std::string place_facts(Frame& frame, const Draft& draft) const;
  void locate(Frame& frame, Draft& draft);
  void evidence(Frame& frame, Draft& draft, Rect rect);
  void agreed(Frame& frame, Rect rect);
  void save(Frame& frame, Draft& draft);
  void give_up(Frame& frame);

  App& app_;
  Session* session_ = nullptr;
  std::map<Key, Draft> drafts_;
  Key key_{};
  Cached<CustomerHead> head_;
  Cached<std::vector<TaskItem>> tasks_;
  ProductChips products_;
};

}  // namespace banyan::ui
