// The shell's layers above the view: sheet, dialog, toast.
#include "client/app_shell.h"
#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

constexpr float kDialogWidth = 400, kHandleWidth = 36, kHandleHeight = 4, kSwipeAway = 80;

// A press on the darkened rest closes; screen readers find it as a button.
bool scrim(Frame& frame, std::string_view name) {
  fill(frame, frame.area, frame.color(Color::scrim));
  return interact(frame, frame.id("scrim"), frame.area,
                  {.role = Role::button, .name = name, .states = state::kNoFocus})
      .clicked;
}

}  // namespace

void AppShell::draw_layers(Frame& frame) {
  if (sheet_) draw_sheet(frame);
  if (dialog_) draw_dialog(frame);
  if (toast_) draw_toast(frame);
}

void AppShell::draw_sheet(Frame& frame) {
  IdScope scope("sheet");
  frame.access.begin_layer(true);
  bool close = scrim(frame, frame.t(T::nav_close));
  const Id handle = frame.id("handle");
  ScrollMemory& pulled = frame.memory.scrolls[handle];
  const float width = frame.phone() ? frame.area.w : std::min(480.0f, frame.area.w);
  const float height =
      std::min(sheet_->height + 28 + (sheet_->title.empty() ? 0.0f : 44.0f), frame.area.h - 48);
  Rect box{(frame.area.w - width) / 2, frame.area.bottom() - height, width, height};
  frame.access.add_drag_area(handle, box, false, true);
  pulled.offset =
      std::max(0.0, pulled.offset + static_cast<double>(frame.input.take_drag(handle).y));
  Vec speed;
  if (frame.input.take_release(handle, speed)) {
    frame.input.stop_coasting(handle);
    close = close || pulled.offset > static_cast<double>(kSwipeAway) || speed.y > 0.6f;
    pulled.offset = 0;
    frame.redraw();
  }
  box = box.moved(0, static_cast<float>(pulled.offset));
  {
    GroupScope group(frame, Role::dialog, sheet_->title, box, state::kModal);
    shadow(frame, box, radius::kSheet, elevation::kE2);
    fill_corners(frame, {box.x, box.y, box.w, box.h + radius::kSheet}, frame.color(Color::raised),
                 radius::kSheet, kTopLeft | kTopRight);
    fill(frame, Rect{box.x, box.y + 8, box.w, kHandleHeight}.centered(kHandleWidth, kHandleHeight),
         frame.color(Color::line_strong), 2);
    Rect inside{box.x + 16, box.y + 20, box.w - 32, box.h - 28};
    if (!sheet_->title.empty()) heading(frame, inside.cut_top(44), sheet_->title, type::kH3, 2);
    const auto draw = sheet_->draw;  // it may close or replace the sheet
    draw(frame, inside);
  }
  frame.access.end_layer();
  if (close) {
    pulled.offset = 0;
    sheet_.reset();
    frame.redraw();
  }
}

void AppShell::draw_dialog(Frame& frame) {
  IdScope scope("dialog");
  frame.access.begin_layer(true);
  // Only before something hard to undo: a press beside it decides nothing.
  fill(frame, frame.area, frame.color(Color::scrim));
  const float width = std::min(kDialogWidth, frame.area.w - 32);
  const float words = paragraph_height(frame, dialog_->text, type::kBody, width - 40);
  const float title = paragraph_height(frame, dialog_->title, type::kH2, width - 40);
  const Rect box = frame.area.centered(width, 20 + title + 6 + words + 16 + size::kButton + 20);
  bool confirmed = false, cancelled = false;
  {
    GroupScope group(frame, Role::dialog, dialog_->title, box, state::kModal);
    shadow(frame, box, radius::kSheet, elevation::kE3);
    fill(frame, box, frame.color(Color::raised), radius::kSheet);
    outline(frame, box, frame.color(Color::line), radius::kSheet, frame.theme.line());
    Rect inside = box.inset(20);
    paragraph(frame, inside.cut_top(title, 6), dialog_->title, type::kH2);
    paragraph(frame, inside.cut_top(words, 16), dialog_->text, type::kBody, Color::text_2);
    const std::string cancel =
        dialog_->cancel.empty() ? std::string(frame.t(T::action_cancel)) : dialog_->cancel;
    const ButtonKind kind = dialog_->danger ? ButtonKind::danger_filled : ButtonKind::primary;
    const ButtonSpec yes{.label = dialog_->confirm, .kind = kind, .id = "confirm"};
    const ButtonSpec no{.label = cancel, .kind = ButtonKind::quiet, .id = "cancel"};
    // Reading order: the safe choice first.
    Rect row = inside.cut_top(size::kButton);
    const Rect right = row.cut_right(button_width(frame, yes), 8);
    cancelled = button_right(frame, row, no);
    confirmed = button(frame, right, yes);
  }
  frame.access.end_layer();
  if (!confirmed && !cancelled) return;
  const Dialog done = std::move(*dialog_);
  dialog_.reset();
  if (confirmed && done.confirmed) done.confirmed();
  if (cancelled && done.cancelled) done.cancelled();
  frame.redraw();
}

void AppShell::draw_toast(Frame& frame) {
  if (toast_until_ms_ < 0) {
    toast_until_ms_ =
        frame.now_ms + static_cast<double>(toast_->undo ? motion::kUndoStay : motion::kToastStay);
  }
  if (!toast_->stays) {
    if (frame.now_ms >= toast_until_ms_) {
      toast_.reset();
      return;
    }
    frame.wake_in(toast_until_ms_ - frame.now_ms + 1);
  }
  IdScope scope("toast");
  frame.access.begin_layer(false);
  const std::string word =
      toast_->action.empty() ? std::string(frame.t(T::action_undo)) : toast_->action;
  const LinkSpec undo{.label = word, .color = Color::surface, .id = "undo"};
  const float undo_width = toast_->undo ? text_width(frame, undo.label, type::kBodyStrong) + 24 : 8;
  const float natural =
      16 + 20 + 10 + text_width(frame, toast_->text, type::kBody) + 24 + undo_width;
  const float width =
      std::min(frame.area.w - 24, std::max(natural, std::min(360.0f, frame.area.w - 24)));
  const float above = frame.phone() ? size::kBottombar + 12 : 24;
  const float bottom =
      frame.area.bottom() - above - frame.screen.inset_bottom / frame.screen.text_scale;
  const Rect box{(frame.area.w - width) / 2, bottom - 52, width, 52};
  shadow(frame, box, 12, elevation::kE2);
  fill(frame, box, frame.color(Color::text), 12);
  Rect inside = box;
  inside.cut_left(16);
  paint_icon(frame, inside.cut_left(20, 10), toast_->icon, 20, frame.color(Color::surface));
  inside.cut_right(8);
  bool undone = false;
  if (toast_->undo) {
    const Rect place = inside.cut_right(undo_width);
    const Response response =
        interact(frame, frame.id("undo"), place, {.role = Role::button, .name = undo.label});
    paint_line(frame, place, undo.label, type::kBodyStrong, frame.color(Color::surface),
               Align::center);
    if (response.focused) focus_ring(frame, place.inset(4, 8), 8);
    undone = response.clicked;
  }
  paint_line(frame, inside, toast_->text, type::kBody, frame.color(Color::surface));
  frame.access.add_text(Role::status, box, toast_->text);
  frame.access.end_layer();
  if (!undone) return;
  const auto undo_now = toast_->undo;
  toast_.reset();
  undo_now();
  frame.redraw();
}

}  // namespace banyan::ui
