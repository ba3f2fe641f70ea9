// Every widget on one page, kept as living documentation: #/components. What it shows are the
// parts' own states; the words are examples, as in LOOK.md.
#pragma once

#include <string>

#include "client/view.h"

namespace banyan::ui {

class ComponentsView final : public View {
 public:
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;

 private:
  void buttons(Frame& frame, const Rect& rect);
  void sync_marks(Frame& frame, const Rect& rect);
  void fields(Frame& frame, const Rect& rect);
  void choices(Frame& frame, const Rect& rect);
  void filters(Frame& frame, const Rect& rect);
  void rows(Frame& frame, const Rect& rect);
  void figure(Frame& frame, const Rect& rect);
  void states(Frame& frame, const Rect& rect);
  void layers(Frame& frame, const Rect& rect);
  void ways(Frame& frame, const Rect& rect);
  void charts(Frame& frame, const Rect& rect);
  void conflict(Frame& frame, const Rect& rect);
  void settings(Frame& frame, const Rect& rect);
  void million(Frame& frame, const Rect& rect);

  std::string name_, amount_ = "150,000.00", id_number_ = "0000 0019 7402", rate_ = "4.35%",
                     secret_, notes_, search_;
  bool mine_ = true, silent_ = false, secret_visible_ = false;
  bool checks_[2] = {true, false}, switches_[2] = {true, false};
  int radio_ = 0, segment_ = 0, tab_ = 0, chosen_ = -1;
  std::int64_t selected_row_ = -1;
  double busy_until_ms_ = -1;
};

}  // namespace banyan::ui
