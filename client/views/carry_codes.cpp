#include "client/views/carry_codes.h"

#include <algorithm>
#include <cmath>

#include "client/app_shell.h"
#include "client/widgets/button.h"
#include "client/widgets/interact.h"
#include "client/widgets/qr.h"
#include "client/widgets/states.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

// A camera at 15 pictures a second sees each code at least once, whole.
constexpr double kCodesPerSecond = 6;
constexpr float kWords = 520, kBottom = 64;

// Title and advice from the top; what is left is for the picture.
void head_words(Frame& frame, Rect& area, T title, T advice) {
  Rect column = area.centered(std::min(area.w, kWords), area.h);
  const float top = column.y;
  column.cut_top(headline(frame, column, frame.t(title), type::kTitle, 2), 4);
  column.cut_top(paragraph(frame, column, frame.t(advice), type::kSmall, Color::text_2), 12);
  area.cut_top(column.y - top);
}

}  // namespace

// ---- the screen

Status CodeScreen::show(Bytes file, std::function<void()> done) {
  TRY_ASSIGN(CodeSeries series, CodeSeries::make(std::move(file)));
  series_.emplace(std::move(series));
  done_ = std::move(done);
  since_ms_ = -1;
  return {};
}

bool CodeScreen::draw(Frame& frame, Rect area) {
  if (since_ms_ < 0) since_ms_ = frame.now_ms;
  const double shown = (frame.now_ms - since_ms_) * kCodesPerSecond / 1000;
  const auto number = static_cast<std::uint64_t>(shown);
  frame.wake_in((std::floor(shown) + 1 - shown) * 1000 / kCodesPerSecond);

  head_words(frame, area, T::carry_show_title, T::carry_show_note);
  Rect bottom = area.cut_bottom(kBottom).centered(std::min(area.w, kWords), size::kButton);
  const auto turn = static_cast<std::int64_t>(series_->turn());
  const auto seconds =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(turn) / kCodesPerSecond));
  const std::string pace =
      frame.count(T::carry_show_turn, turn, {{"seconds", std::to_string(seconds)}});
  const Rect code = area.inset(0, 4);
  paint_qr(frame, code, series_->code(number));
  announce(frame, frame.id("codes"), code,
           {.role = Role::image, .name = frame.t(T::carry_show_name), .hint = pace});
  const bool done = button_right(
      frame, bottom, {.label = frame.t(T::carry_show_done), .kind = ButtonKind::primary});
  const bool back = button_right(frame, bottom, {.label = frame.t(T::nav_back)});
  label(frame, bottom, pace, type::kSmall, Color::text_2);
  if (done || back) series_.reset();
  if (done) done_();
  return back;
}

// ---- the camera

void CodeCamera::start() { scan_ = std::make_shared<Scan>(); }

std::optional<Bytes> CodeCamera::take() {
  if (!scan_ || !scan_->reader.file()) return std::nullopt;
  std::optional<Bytes> file = scan_->reader.file();
  stop();
  return file;
}

bool CodeCamera::draw(Frame& frame, Rect area) {
  if (!scan_) start();
  using State = CameraPicture::State;
  if (scan_->state && *scan_->state != State::Here) {
    const bool refused = *scan_->state == State::Refused;
    const bool again = error_state(
        frame, area,
        {.icon = Icon::camera,
         .title = frame.t(refused ? T::carry_scan_refused : T::carry_scan_missing),
         .text = frame.t(refused ? T::carry_scan_refused_note : T::carry_scan_missing_note),
         .action = frame.t(T::action_retry),
         .action_icon = Icon::rotate_ccw});
    if (again) start();
    return false;
  }
  head_words(frame, area, T::carry_scan_title, T::carry_scan_note);
  const Rect bottom = area.cut_bottom(kBottom + 8).centered(std::min(area.w, kWords), kBottom);
  const float side = std::min(area.w, area.h);
  frame.shell.watch_camera(area.centered(std::min(area.w, side * 4 / 3), side),
                           [scan = scan_](const CameraPicture& picture) {
                             scan->state = picture.state;
                             if (picture.state != State::Here) return;
                             scan->reader.look(picture.width, picture.height, picture.grey);
                           });
  const CodeReader& reader = scan_->reader;
  const auto part = reader.turn() == 0
                        ? 0.0f
                        : static_cast<float>(reader.known()) / static_cast<float>(reader.turn());
  std::string detail;
  if (reader.turn() > 0) {
    detail = frame.fill(T::carry_reading_of, {{"done", std::to_string(reader.known())},
                                              {"all", std::to_string(reader.turn())}});
  }
  const T doing = !scan_->state        ? T::carry_scan_wait
                  : reader.turn() == 0 ? T::carry_scan_look
                                       : T::carry_scan_progress;
  return progress(
      frame, bottom,
      {.label = frame.t(doing), .detail = detail, .part = part, .cancel = frame.t(T::action_stop)});
}

}  // namespace banyan::ui
