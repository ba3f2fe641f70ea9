#include "client/views/components_view.h"

#include "client/app_shell.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/kpi.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"
#include "client/widgets/toggle.h"

namespace banyan::ui {
namespace {

// A card with a small title; what is left of it.
Rect sample(Frame& frame, const Rect& rect, std::string_view title) {
  Rect inside = card(frame, rect).inset(0, -2);
  label(frame, inside.cut_top(16, 10), title, with(type::kCaption, Weight::w500), Color::text_3);
  return inside;
}

}  // namespace

Surroundings ComponentsView::surroundings(Frame& frame, const Route&) {
  return {.title = std::string(frame.t(T::app_components))};
}

void ComponentsView::draw(Frame& frame, const Route&, Rect area) {
  Scroll scroll(frame, frame.id("page"), area);
  Rect column = scroll.content().inset(frame.gutter(), 4);
  const bool narrow = frame.phone();
  // Parts that share a line where there is room for it, and follow each other where there is not.
  const auto line = [&](float height, auto&&... parts) {
    const std::pair<float, void (ComponentsView::*)(Frame&, const Rect&)> all[] = {parts...};
    Rect row = narrow ? Rect{} : column.cut_top(height, size::kGap);
    const float gaps = size::kGap * static_cast<float>(sizeof...(parts) - 1), full = row.w - gaps;
    for (const auto& [share, part] : all) {
      (this->*part)(frame, narrow ? column.cut_top(height, size::kGap)
                                  : row.cut_left(full * share, size::kGap));
    }
  };
  using Own = ComponentsView;
  line(narrow ? 264.0f : 160.0f, std::pair{0.58f, &Own::buttons},
       std::pair{0.42f, &Own::sync_marks});
  line(narrow ? 560.0f : 260.0f, std::pair{0.72f, &Own::fields}, std::pair{0.28f, &Own::choices});
  line(178, std::pair{0.41f, &Own::filters}, std::pair{0.34f, &Own::rows},
       std::pair{0.25f, &Own::figure});
  line(narrow ? 760.0f : 226.0f, std::pair{1.0f, &Own::states});
  line(narrow ? 380.0f : 276.0f, std::pair{0.55f, &Own::conflict}, std::pair{0.45f, &Own::layers});
  line(250, std::pair{0.5f, &Own::ways}, std::pair{0.5f, &Own::charts});
  line(320, std::pair{0.5f, &Own::settings}, std::pair{0.5f, &Own::million});
  scroll.end(column.y);
}

void ComponentsView::buttons(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "按钮 44 / 52：主、常规、柔和、安静、危险、停用、忙、大号");
  const ButtonSpec all[] = {
      {.label = "保存", .kind = ButtonKind::primary, .icon = Icon::check},
      {.label = "常规", .icon = Icon::pencil_line},
      {.label = "柔和", .kind = ButtonKind::soft},
      {.label = "安静", .kind = ButtonKind::quiet},
      {.label = "删除", .kind = ButtonKind::danger, .icon = Icon::trash_2},
      {.label = "停用", .disabled = true, .reason = "例子里总是停用"},
      {.label = "存三秒",
       .kind = ButtonKind::primary,
       .busy = frame.now_ms < busy_until_ms_ ? frame.t(T::action_saving) : std::string_view(),
       .id = "busy"},
      {.label = "大号", .kind = ButtonKind::primary, .size = ButtonSize::large},
  };
  Rect row = left.cut_top(52);
  for (const ButtonSpec& spec : all) {
    if (button_width(frame, spec) > row.w) row = left.cut_top(52);
    if (button_left(frame, row, spec) && spec.id == "busy") busy_until_ms_ = frame.now_ms + 3000;
  }
}

void ComponentsView::sync_marks(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "同步标记：一条记录的状态");
  Rect row = left.cut_top(24, 12);
  for (const SyncState each : {SyncState::saved, SyncState::sending, SyncState::received,
                               SyncState::decide, SyncState::held}) {
    const float width = sync_badge_width(frame, each);
    if (width > row.w) row = left.cut_top(24, 12);
    sync_badge(frame, row.cut_left(width, 8), each);
  }
  row = left.cut_top(44);
  const SyncStatus pills[] = {{.offline = true, .waiting = 28}, {.fetching = true}, {}};
  for (const SyncStatus& each : pills) {
    IdScope scope(each.offline ? "offline" : each.fetching ? "fetching" : "sent");
    sync_pill(frame, row.cut_left(sync_pill_width(frame, each), 8), each);
  }
}

void ComponentsView::fields(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "输入 48：常规、金额、错误、只读、口令、多行");
  const int columns = frame.phone() ? 1 : 4;
  const std::string wrong = id_number_trouble(frame.texts, frame.clock, id_number_);
  Rect first = left.cut_top(frame.phone() ? 4 * 92 : 92, 8);
  const auto place = [&](int i) {
    return frame.phone() ? first.cut_top(92) : first.column(i, columns, size::kGap);
  };
  text_field(frame, place(0), {.label = "姓名", .hint = "可输入生僻字", .placeholder = "如 王桂兰"},
             name_);
  text_field(frame, place(1),
             {.label = "金额", .kind = FieldKind::money, .unit = "元", .required = true}, amount_);
  text_field(frame, place(2),
             {.label = "身份证号", .kind = FieldKind::id_number, .error = wrong, .required = true},
             id_number_);
  text_field(frame, place(3), {.label = "年利率", .hint = "由产品决定", .read_only = true}, rate_);
  if (frame.phone()) {
    secret_field(frame, left.cut_top(92), {.label = "口令", .icon = Icon::key_round}, secret_,
                 secret_visible_);
    return;
  }
  secret_field(frame, left.column(0, 2, size::kGap), {.label = "口令", .icon = Icon::key_round},
               secret_, secret_visible_);
  text_field(frame, left.column(1, 2, size::kGap),
             {.label = "面谈记要", .compact = true, .lines = 3}, notes_);
}

void ComponentsView::choices(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "选择");
  Rect row = left.cut_top(44);
  for (int i = 0; i < 2; ++i) {
    if (checkbox(frame, row.cut_left(24, 20), i == 0 ? "勾一" : "勾二", checks_[i]))
      checks_[i] = !checks_[i];
  }
  for (int i = 0; i < 2; ++i) {
    if (radio(frame, row.cut_left(24, 20), i == 0 ? "单一" : "单二", radio_ == i)) radio_ = i;
  }
  row = left.cut_top(44, 8);
  for (int i = 0; i < 2; ++i) {
    if (switcher(frame, row.cut_left(48, 12), i == 0 ? "开一" : "开二", switches_[i]))
      switches_[i] = !switches_[i];
  }
  select_field(frame, left.cut_top(72),
               {.label = "期望用款日", .icon = Icon::calendar, .compact = true}, "4月28日 周二");
}

void ComponentsView::filters(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "筛选 36（触点 44）、分段、标签");
  Rect row = left.cut_top(44, 10);
  const ChipSpec mine{.label = "我的客户", .on = mine_, .icon = Icon::user, .removable = true};
  const ChipSpec silent{.label = "30 天未联系", .on = silent_};
  if (chip(frame, row.cut_left(chip_width(frame, mine), 8), mine)) mine_ = !mine_;
  if (chip(frame, row.cut_left(chip_width(frame, silent), 8), silent)) silent_ = !silent_;
  const TabSpec terms[] = {{.label = "本月"}, {.label = "本季"}};
  if (row.w > segments_width(frame, terms)) {
    const int pressed =
        segments(frame, row.cut_left(segments_width(frame, terms)), "期间", terms, segment_);
    if (pressed >= 0) segment_ = pressed;
  }
  row = left.cut_top(24);
  const std::pair<std::string_view, Tint> tags[] = {
      {"常规", Tint::quiet}, {"主题", Tint::primary}, {"完成", Tint::ok},      {"信息", Tint::info},
      {"提醒", Tint::warn},  {"逾期", Tint::danger},  {"裁决", Tint::conflict}};
  for (const auto& [word, tone] : tags) tag_left(frame, row, {.label = word, .tone = tone}, 8);
}

void ComponentsView::rows(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "行 64：常规、选中");
  outline(frame, {left.x, left.y, left.w, 128}, frame.color(Color::line), radius::kButton, 1);
  const Rect first = left.cut_top(64), second = left.cut_top(64);
  IdScope one("first");
  list_row(frame, first.inset(1, 1),
           {.title = "吴国林",
            .subtitle = "石桥村 1 组·代发工资",
            .value = "212,480.00",
            .face = "吴",
            .tone = Tint::info,
            .first = true});
  IdScope two("second");
  list_row(frame, second.inset(1, 1),
           {.title = "王桂兰",
            .subtitle = "柳溪村 3 组·续贷期",
            .value = "386,200.00",
            .face = "王",
            .tone = Tint::primary,
            .selected = true});
}

void ComponentsView::figure(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "指标");
  const float spark[] = {3, 4, 4, 5, 6, 7, 8, 9};
  kpi(frame, left.cut_top(84),
      {.label = "存款余额",
       .figure = "3.68",
       .unit = "亿",
       .change = "2.0%",
       .against = "较上月",
       .meaning = Change::good,
       .spark = spark});
  as_of(frame, left.cut_top(16),
        format::date_time(frame.texts, frame.clock, frame.clock.now_ms - 86'400'000 * 2));
}

void ComponentsView::states(Frame& frame, const Rect& rect) {
  Rect left = sample(frame, rect, "空、载入、出错、离线");
  const auto place = [&](int i) {
    const Rect box = frame.phone() ? left.cut_top(170, 8) : left.column(i, 4, size::kGap);
    outline(frame, box, frame.color(Color::line), 12, 1);
    return box;
  };
  empty_state(frame, place(0),
              {.icon = Icon::users,
               .title = "还没有客户",
               .text = "新建一户，或从名单导入",
               .action = "新建客户",
               .action_icon = Icon::plus});
  loading_rows(frame, place(1).inset(0, 5), 0, 52);
  error_state(frame, place(2),
              {.icon = Icon::circle_alert,
               .title = "没能打开照片",
               .text = "文件不完整，已留在待修处",
               .action = "再试一次"});
  offline_state(frame, place(3),
                {.icon = Icon::cloud_off,
                 .title = "总行报表要联网",
                 .text = "本机报表照常可用",
                 .action = "看本机报表"});
}

}  // namespace banyan::ui
