// Which product was talked about: one line of chips that a finger moves, one of them or none.
#pragma once

#include <vector>

#include "client/cached.h"
#include "client/frame.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class ProductChips {
 public:
  // From the top of `column`; returns the height it took, 0 where the bank has no products.
  float draw(Frame& frame, Rect column, const Session& session, RowId& chosen);
  void forget() { products_.forget(); }

 private:
  Cached<std::vector<RefChoice>> products_;
};

}  // namespace banyan::ui
