// Parts of the day's screen that need nothing but what they show.
#pragma once

#include "client/frame.h"
#include "shared/app/models.h"

namespace banyan::ui {

// "4月16日 周四".
std::string date_with_weekday(Frame& frame);

// The greeting, what is planned and overdue, and where there is room the figures.
float day_summary_height(const Frame& frame);  // on a phone
// `fetching`: the first sync is not through, so an empty day may be one not seen yet.
void day_summary(Frame& frame, const Rect& rect, const Today& now, std::string_view who,
                 bool fetching);

struct StopSpec {
  int number = 1;  // on the route, from 1
  bool next = false, first = false, last = false;
};
enum class StopPressed : std::uint8_t { None, Open, CheckIn };
float stop_height(Frame& frame, float width, const VisitStop& stop, bool next);
StopPressed stop_row(Frame& frame, const Rect& rect, const VisitStop& stop, const StopSpec& spec);

inline constexpr float kNewsHeight = 74;
// A line of news; true when pressed. `boxed` puts it on a card of its own.
bool news_item(Frame& frame, const Rect& rect, const News& news, bool boxed, bool first);

// "逾期 2 天·¥1,860.00", "今天 12:00 前·马长贵".
std::string task_note(Frame& frame, const TaskItem& task, std::int64_t today);

}  // namespace banyan::ui
