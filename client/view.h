// What every screen of the app is, and how it asks the shell for its surroundings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/frame.h"
#include "shared/base/ids.h"

namespace banyan::ui {

// #/customers/123?tab=accounts is {"customers", {"123"}, "tab=accounts"}.
struct Route {
  std::string name = {};
  std::vector<std::string> parts;
  std::string query = {};

  static Route parse(std::string_view hash);
  std::string hash() const;
  std::string_view part(std::size_t index) const {
    return index < parts.size() ? std::string_view(parts[index]) : std::string_view();
  }
  // The row that a part names; kNoRow for none.
  RowId row(std::size_t index) const;
  // "accounts" for "tab"; empty where it is not said.
  std::string_view value(std::string_view key) const;
  bool operator==(const Route&) const = default;
};

// What stands around a view, as it wants it now.
struct Surroundings {
  std::string title = {}, subtitle = {};
  bool bare = false;        // no rail and no bars: unlock, hand-over
  bool sub_page = false;    // on a phone: a back arrow, no bottom bar while it has actions
  bool closes = false;      // a cross instead of the arrow: leaving gives something up
  bool action_bar = false;  // draw_actions() gets the bar at the bottom
  bool sync_pill = true;
};

class View {
 public:
  virtual ~View() = default;
  virtual Surroundings surroundings(Frame& frame, const Route& route) = 0;
  virtual void draw(Frame& frame, const Route& route, Rect area) = 0;
  // The free part of the top bar, right of the title and left of the sync pill: take it from the
  // right.
  virtual void draw_top_bar(Frame&, const Route&, Rect&) {}
  virtual void draw_actions(Frame&, const Route&, Rect) {}
  // The view is on the screen again, or gone from it.
  virtual void shown(const Route&) {}
  virtual void hidden() {}
};

}  // namespace banyan::ui
