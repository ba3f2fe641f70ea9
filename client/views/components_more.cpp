// The second half of the components page: layers, ways, charts, conflicts, settings, long lists.
#include "client/app_shell.h"
#include "client/charts/charts.h"
#include "client/views/components_view.h"
#include "client/widgets/button.h"
#include "client/widgets/card.h"
#include "client/widgets/conflict.h"
#include "client/widgets/draw.h"
#include "client/widgets/field.h"
#include "client/widgets/scroll.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"

namespace banyan::ui {

void ComponentsView::layers(Frame& frame, const Rect& rect) {
  Rect inside = card(frame, rect);
  heading(frame, inside.cut_top(24, 12), "对话框 e3、提示条 e2、底部面板", type::kH3, 2);
  AppShell& shell = frame.shell;
  Rect row = inside.cut_top(44, 8);
  if (button_left(frame, row, {.label = "问一句"})) {
    shell.ask({.title = "换人使用这台平板？",
               .text = "28 条还没发出。它们加密留在本机，等你回来或联网后再发。",
               .confirm = "换人",
               .confirmed = [&shell] { shell.toast({.text = "已换人"}); }});
  }
  if (button_left(frame, row, {.label = "提示条"})) {
    shell.toast({.text = "拜访已存本机", .undo = [&shell] { shell.toast({.text = "已撤回"}); }});
  }
  row = inside.cut_top(44, 8);
  if (button_left(frame, row, {.label = "底部面板"})) {
    shell.open(
        {.title = "王桂兰", .height = 120, .draw = [&shell](Frame& now, Rect area) {
           const std::pair<std::string_view, Icon> all[] = {{"打电话", Icon::phone},
                                                            {"记一次拜访", Icon::footprints}};
           for (const auto& [word, icon] : all) {
             IdScope scope(word);
             if (list_row(now, area.cut_top(52), {.title = word, .icon = icon, .first = true})
                     .clicked)
               shell.close_sheet();
           }
         }});
  }
}

void ComponentsView::conflict(Frame& frame, const Rect& rect) {
  Rect inside = card(frame, rect, 12);
  const ConflictSide mine{.who = "你·林晓雯",
                          .role = "客户经理",
                          .initial = "林",
                          .value = "138 **** 7719",
                          .reason = "上门时客户当面报的",
                          .when = "4月13日 14:08",
                          .device = "4 号平板",
                          .line = "当时离线 1 天 12 小时",
                          .offline = true,
                          .me = true};
  const ConflictSide other{.who = "许文静",
                           .role = "柳溪支行柜员",
                           .initial = "许",
                           .value = "139 **** 0452",
                           .reason = "客户来柜面办卡时留的",
                           .when = "4月13日 10:31",
                           .device = "柜面 2 号机",
                           .line = "当时在线"};
  const int pressed = conflict_pair(frame, inside.cut_top(conflict_pair_height(frame.phone())),
                                    mine, other, chosen_);
  if (pressed >= 0) chosen_ = pressed;
}

void ComponentsView::ways(Frame& frame, const Rect& rect) {
  Rect inside = card(frame, rect);
  const std::string_view steps[] = {"签到", "记录", "证据", "客户确认"};
  stepper(frame, inside.cut_top(36, 8), steps, 1);
  const TabSpec all[] = {{.label = "概览"},
                         {.label = "账户"},
                         {.label = "往来", .count = 26},
                         {.label = "申请", .count = 1, .tone = Tint::warn},
                         {.label = "历史"}};
  const int pressed = tabs(frame, inside.cut_top(44, 12), "档案", all, tab_);
  if (pressed >= 0) tab_ = pressed;
  progress(frame, inside.cut_top(48, 12),
           {.label = "收客户资料", .detail = "12,400 / 50,000", .part = 0.248f, .cancel = "停下"});
  note(frame, inside.cut_top(note_height(frame, inside.w, "两个都可能对：一个常用，一个备用。")),
       Icon::lightbulb, "两个都可能对：一个常用，一个备用。", Tint::conflict);
}

void ComponentsView::charts(Frame& frame, const Rect& rect) {
  Rect inside = card(frame, rect);
  const Share parts[] = {{"表单", 12, Color::c1}, {"照片", 9, Color::c2}, {"拜访", 7, Color::c4}};
  stacked_bar(frame, inside.cut_top(10, 12), parts);
  rated(frame, inside.cut_top(28, 8), "当前", 0.78f, "78", "同层前 12%");
  Rect round = inside.cut_left(150, 16);
  donut(frame, round, parts, "28", "条");
  const Bar months[] = {{"1月", 3, false}, {"2月", 4, false}, {"3月", 6, false}, {"4月", 5, true}};
  bars(frame, inside, months);
}

void ComponentsView::settings(Frame& frame, const Rect& rect) {
  Rect inside = card(frame, rect);
  AppShell& shell = frame.shell;
  Preferences next = shell.preferences();
  const auto choose = [&](T title, std::span<const TabSpec> all, int now) {
    label(frame, inside.cut_top(20, 4), frame.t(title), type::kLabel, Color::text_2);
    const int pressed = segments(frame, inside.cut_top(44, 14), frame.t(title), all, now);
    return pressed;
  };
  const TabSpec languages[] = {{.label = frame.t(T::settings_chinese)},
                               {.label = frame.t(T::settings_english)}};
  if (const int i =
          choose(T::settings_language, languages, next.language == Language::chinese ? 0 : 1);
      i >= 0) {
    next.language = i == 0 ? Language::chinese : Language::english;
  }
  const TabSpec themes[] = {{.label = frame.t(T::settings_theme_light)},
                            {.label = frame.t(T::settings_theme_dark)},
                            {.label = frame.t(T::settings_theme_sunlight)},
                            {.label = frame.t(T::settings_theme_system)}};
  if (const int i = choose(T::settings_theme, themes,
                           next.theme_follows_system ? 3 : static_cast<int>(next.theme));
      i >= 0) {
    next.theme_follows_system = i == 3;
    if (i < 3) next.theme = static_cast<ThemeKind>(i);
  }
  const TabSpec sizes[] = {
      {.label = "100%"}, {.label = "125%"}, {.label = "150%"}, {.label = "200%"}};
  const float scales[] = {1, 1.25f, 1.5f, 2};
  int now = 0;
  for (int i = 0; i < 4; ++i) now = scales[i] == next.text_scale ? i : now;
  if (const int i = choose(T::settings_text_size, sizes, now); i >= 0) next.text_scale = scales[i];
  shell.set_preferences(next);
}

void ComponentsView::million(Frame& frame, const Rect& rect) {
  constexpr std::int64_t kCount = 1'000'000;
  paint_card(frame, rect);
  Rect inside = rect;
  card_head(frame, inside, {.title = "一百万行", .note = "只画看得见的"});
  IdScope scope("million");
  GroupScope group(frame, Role::list, "一百万行", inside);
  RowList list(frame, frame.id("million"), inside.inset(1, 1), size::kRow, kCount);
  while (list.next()) {
    IdScope one(static_cast<std::uint64_t>(list.index()));
    const std::string title = "第 " + format::whole(list.index() + 1) + " 行";
    const RowResponse row = list_row(frame, list.rect(),
                                     {.title = title,
                                      .subtitle = "柳溪村 3 组",
                                      .face = "王",
                                      .tone = tone_for(title),
                                      .selected = list.index() == selected_row_,
                                      .chevron = true,
                                      .first = list.index() == 0,
                                      .position = list.index() + 1,
                                      .count = kCount});
    if (row.clicked) selected_row_ = list.index();
  }
}

}  // namespace banyan::ui
