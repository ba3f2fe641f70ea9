#include "client/views/components_view.h"

#include "client/app_shell.h"
#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/sync.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"

namespace banyan::ui {

Surroundings ComponentsView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(T::app_components))};
}

void ComponentsView::draw(Frame& frame, const Route&, Rect area) {
  Scroll scroll(frame, frame.id("page"), area);
  Rect column = scroll.content().inset(frame.gutter(), 4);
  Rect card = column.cut_top(160, 12);
  paint_card(frame, card);
  Rect row = card.inset(16, 40).cut_top(44);
  button_left(frame, row, {.label = "保存", .kind = ButtonKind::primary, .icon = Icon::check});
  button_left(frame, row, {.label = "常规", .icon = Icon::pencil_line});
  button_left(frame, row, {.label = "柔和", .kind = ButtonKind::soft});
  tag_left(frame, row, {.label = "逾期", .tone = TagTone::danger});
  scroll.end(column.y);
}

}  // namespace banyan::ui
