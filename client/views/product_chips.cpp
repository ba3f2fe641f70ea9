#include "client/views/product_chips.h"

#include "client/views/pack_words.h"
#include "client/widgets/scroll.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"

namespace banyan::ui {

float ProductChips::draw(Frame& frame, Rect column, const Session& session, RowId& chosen) {
  const std::vector<RefChoice>& all = products_.get(
      session.version(), 0, [&] { return read_choices(session, *session.names().product); });
  if (all.empty()) return 0;
  IdScope scope("product");
  const Label& name = session.names().interaction->field("product")->label;
  label(frame, column.cut_top(18, 6), word(frame, name), type::kLabel, Color::text_2);
  Scroll scroll(frame, frame.id("products"), column.cut_top(36), Scroll::Direction::across);
  Rect row = scroll.content();
  row.w = 100'000;
  GroupScope group(frame, Role::group, word(frame, name), row);
  for (const RefChoice& product : all) {
    IdScope one(static_cast<std::uint64_t>(number(product.id)));
    const bool on = product.id == chosen;
    const ChipSpec spec{.label = product.name, .on = on, .removable = true};
    if (chip(frame, row.cut_left(chip_width(frame, spec), 8), spec)) {
      chosen = on ? kNoRow : product.id;
    }
  }
  scroll.end(row.x);
  return 24 + 36 + 16;
}

}  // namespace banyan::ui
