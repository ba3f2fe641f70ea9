// Every widget on one page, kept as living documentation: #/components.
#pragma once

#include "client/view.h"

namespace banyan::ui {

class ComponentsView final : public View {
 public:
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
};

}  // namespace banyan::ui
