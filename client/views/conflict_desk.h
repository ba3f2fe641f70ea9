// Where two people changed the same thing: all values side by side, nothing
// chosen for anybody, and a way to type another one.
#pragma once

#include <optional>

#include "client/cached.h"
#include "client/frame.h"
#include "shared/app/app.h"
#include "shared/app/commands.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class ConflictDesk {
 public:
  explicit ConflictDesk(App& app) : app_(app) {}
  int count() { return static_cast<int>(all().size()); }
  // The inside of a card.
  void draw(Frame& frame, Rect area);
  void forget();

 private:
  struct Chosen {
    RowId row{};
    const Field* field = nullptr;
    std::int64_t element = 0;
    std::size_t values = 0;  // how many there were to choose from
    int index = -1;
    bool operator==(const Chosen&) const = default;
  };

  const std::vector<ConflictItem>& all();
  void keep_choice(const ConflictItem& item);
  void head(Frame& frame, Rect rect, const ConflictItem& item);
  void values(Frame& frame, Rect& column, const ConflictItem& item);
  void typed(Frame& frame, Rect& column);
  void actions(Frame& frame, Rect rect, const ConflictItem& item);
  void start_typing(const ConflictItem& item);
  void decided(Frame& frame, bool written);

  App& app_;
  Cached<std::vector<ConflictItem>> all_;
  std::size_t at_ = 0;
  Chosen chosen_;
  std::optional<Form> form_;  // while a new value is typed
};

}  // namespace banyan::ui
