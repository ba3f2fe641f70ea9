#include "client/views/mass_sheet.h"

#include <algorithm>

#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

constexpr std::size_t kLatelyMax = 5;
constexpr float kMassHeight = 520;

std::string name_of(Frame& frame, const MassItem& item) {
  return frame.fill(item.change.adds ? T::mass_added : T::mass_taken, {{"tag", item.tag}});
}

}  // namespace

void MassSheet::open(Frame& frame, std::vector<RowId> customers, bool complete) {
  customers_ = std::move(customers);
  complete_ = complete;
  change_ = {};
  running_ = 0;
  going_ = false;
  tags_.forget();
  lately_.forget();
  frame.shell.open({.title = std::string(frame.t(T::mass_open)),
                    .height = kMassHeight,
                    .draw = [this](Frame& now, Rect area) { draw(now, area); }});
}

void MassSheet::draw(Frame& frame, Rect area) {
  IdScope scope("mass");
  if (app_.session() == nullptr) return;
  if (running_ != 0) return watch(frame, area);
  choose(frame, area);
}

void MassSheet::choose(Frame& frame, Rect area) {
  const Session& session = *app_.session();
  const auto& all =
      tags_.get(session.version(), 0, [&] { return read_choices(session, *session.names().tag); });
  if (all.empty()) {
    empty_state(
        frame, area,
        {.icon = Icon::tag, .title = frame.t(T::mass_none), .text = frame.t(T::mass_none_note)});
    return;
  }
  const TabSpec ways[] = {{.label = frame.t(T::mass_add)}, {.label = frame.t(T::mass_take)}};
  const int way =
      segments(frame, area.cut_top(44, 12), frame.t(T::mass_open), ways, change_.adds ? 0 : 1);
  if (way >= 0) change_.adds = way == 0;
  tags(frame, area, all);
  const auto count = static_cast<std::int64_t>(customers_.size());
  const auto chosen = std::find_if(all.begin(), all.end(),
                                   [&](const RefChoice& one) { return one.id == change_.tag; });
  const std::string what = chosen == all.end() ? "…" : chosen->name;
  const std::string words =
      frame.count(change_.adds ? T::mass_do_add : T::mass_do_take, count, {{"tag", what}});
  if (button(frame, area.cut_top(52, 12),
             {.label = words,
              .kind = ButtonKind::primary,
              .size = ButtonSize::large,
              .disabled = chosen == all.end() || !complete_,
              .reason = frame.t(complete_ ? T::mass_choose : T::mass_capped)})) {
    begin(frame);
  }
  if (!complete_) {
    paragraph(frame, area.cut_top(28), frame.t(T::mass_capped), type::kSmall, Color::text_2);
  }
  lately(frame, area);
}

void MassSheet::tags(Frame& frame, Rect& area, const std::vector<RefChoice>& all) {
  std::vector<ChipSpec> chips_of;
  chips_of.reserve(all.size());
  for (const RefChoice& one : all) {
    chips_of.push_back({.label = one.name, .on = one.id == change_.tag, .single = true});
  }
  float height = 0;
  const int pressed = chips(frame, area, frame.t(T::mass_choose), chips_of, height);
  if (pressed >= 0) change_.tag = all[static_cast<std::size_t>(pressed)].id;
  area.cut_top(height, 16);
}

// Each can be taken back, or goes on where it was interrupted.
void MassSheet::lately(Frame& frame, Rect area) {
  const Session& session = *app_.session();
  const auto& all =
      lately_.get(session.version(), 0, [&] { return read_masses(session, kLatelyMax); });
  if (all.empty()) return;
  label(frame, area.cut_top(24, 4), frame.t(T::mass_lately), type::kLabel, Color::text_2);
  Scroll scroll(frame, frame.id("lately"), area);
  Rect column = scroll.content();
  for (const MassItem& item : all) {
    IdScope scope(static_cast<std::uint64_t>(item.id));
    const std::string count = item.back ? frame.count(T::mass_count_back, item.taken_back)
                                        : frame.count(T::mass_count, item.done);
    if (list_row(frame, column.cut_top(row_height(frame, 58)),
                 {.title = name_of(frame, item),
                  .subtitle =
                      joined(frame, format::date_time(frame.texts, frame.clock, item.at_ms), count),
                  .icon = Icon::tag,
                  .boxed_icon = true,
                  .chevron = true,
                  .first = &item == &all.front()})
            .clicked) {
      running_ = item.id;
      going_ = false;
    }
  }
  scroll.end(column.y);
}

void MassSheet::begin(Frame& frame) {
  const auto id = begin_mass(*app_.session(), change_, customers_);
  if (!id.ok()) return refuse(frame);
  running_ = *id;
  going_ = true;
  frame.redraw();
}

void MassSheet::refuse(Frame& frame) {
  frame.shell.close_sheet();
  frame.shell.toast({.text = std::string(frame.t(T::mass_not_done)), .icon = Icon::circle_alert});
}

void MassSheet::watch(Frame& frame, Rect area) {
  Session& session = *app_.session();
  if (going_) {
    const auto more = step_mass(session, running_);
    if (!more.ok()) {
      going_ = false;
      return refuse(frame);
    }
    going_ = *more;
    frame.redraw();
  }
  const auto item = read_mass(session, running_);
  if (!item.ok()) return refuse(frame);
  label(frame, area.cut_top(28, 8), name_of(frame, *item), type::kH2);
  if (!going_) return outcome(frame, area, *item);
  const std::int64_t all = item->total;
  const std::int64_t done = all - item->waiting;
  const std::string detail =
      frame.fill(item->back ? T::mass_back_running : T::mass_running,
                 {{"done", format::whole(done)}, {"all", format::whole(all)}});
  if (progress(frame, area.cut_top(64),
               {.label = name_of(frame, *item),
                .detail = detail,
                .part = all == 0 ? 1 : static_cast<float>(done) / static_cast<float>(all),
                .cancel = frame.t(T::mass_stop)})) {
    going_ = false;
    if (!stop_mass(session, running_)) refuse(frame);
  }
}

void MassSheet::outcome(Frame& frame, Rect area, const MassItem& item) {
  const auto line = [&](T words, std::int64_t count) {
    if (count == 0) return;
    area.cut_top(paragraph(frame, area, frame.count(words, count), type::kBody), 6);
  };
  line(T::mass_done, item.done);
  line(T::mass_back_done, item.taken_back);
  line(T::mass_same, item.same);
  line(T::mass_changed, item.changed);
  line(T::mass_barred, item.barred);
  line(T::mass_stopped, item.stopped);
  area.cut_top(12);
  if (item.waiting > 0 && button(frame, area.cut_top(44, 8),
                                 {.label = frame.t(T::mass_go_on), .kind = ButtonKind::primary})) {
    going_ = true;
  }
  if (item.done > 0 && button(frame, area.cut_top(44, 8),
                              {.label = frame.t(T::mass_take_back), .icon = Icon::rotate_ccw})) {
    if (!take_back_mass(*app_.session(), running_)) return refuse(frame);
    going_ = true;
    frame.redraw();
  }
  if (button(frame, area.cut_top(44), {.label = frame.t(T::action_done)})) {
    frame.shell.close_sheet();
  }
}

}  // namespace banyan::ui
