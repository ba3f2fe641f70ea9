#include "client/views/storage_view.h"

#include "client/views/doorway.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/scroll.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

using Why = ClosedStore::Why;

struct Words {
  T title, note, open;
};

Words words_for(Why why) {
  switch (why) {
    case Why::OtherWindow: return {T::store_elsewhere, T::store_elsewhere_note, T::store_use_here};
    case Why::HandedOver: return {T::store_given, T::store_given_note, T::store_use_here};
    case Why::Missing: return {T::store_missing, T::store_missing_note, T::action_retry};
    case Why::Broken: break;
  }
  return {T::store_broken, T::store_broken_note, T::action_retry};
}

}  // namespace

Surroundings StorageView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(words_for(store_.why).title)), .bare = true};
}

void StorageView::draw(Frame& frame, const Route&, Rect area) {
  const Words words = words_for(store_.why);
  Scroll scroll(frame, frame.id("store"), doorway(frame, area, ""));
  Rect content = scroll.content();
  content.h = 10'000;
  content.cut_top(headline(frame, content, frame.t(words.title), type::kFigure, 1), 8);
  content.cut_top(paragraph(frame, content, frame.t(words.note), type::kBody, Color::text_2), 20);
  if (store_.unanswered) {
    const std::string_view advice = frame.t(
        store_.why == Why::Missing || store_.why == Why::Broken ? T::store_still : T::store_silent);
    note(frame, content.cut_top(note_height(frame, content.w, advice), 16), Icon::info, advice,
         Tint::warn);
  }
  if (button(frame, content.cut_top(52, 16),
             {.label = frame.t(words.open),
              .kind = ButtonKind::primary,
              .size = ButtonSize::large,
              .busy = store_.asking ? frame.t(T::store_asking) : std::string_view()}) &&
      !store_.asking) {
    open_();
  }
  if (store_.why == Why::Missing) {
    const LinkSpec practise{.label = frame.t(T::store_practise)};
    if (link(frame, content.cut_top(44).cut_left(link_width(frame, practise)), practise)) {
      return practise_();
    }
  }
  if (!store_.code.empty()) {
    content.cut_top(paragraph(frame, content, store_.code, type::kCaption, Color::text_3));
  }
  scroll.end(content.y);
}

}  // namespace banyan::ui
