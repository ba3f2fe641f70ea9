#include "client/widgets/kpi.h"

#include "client/charts/charts.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

Color change_color(Change meaning) {
  if (meaning == Change::good) return Color::ok;
  return meaning == Change::bad ? Color::danger : Color::text_3;
}

}  // namespace

void kpi(Frame& frame, const Rect& rect, const KpiSpec& spec) {
  Rect left = rect;
  paint_line(frame, left.cut_top(18, 2), spec.label, type::kSmall, frame.color(Color::text_2));
  Rect figure = left.cut_top(type::kFigure.line, 2);
  if (!spec.spark.empty()) {
    const Rect spark = figure.cut_right(64, 8).centered(64, 26);
    sparkline(frame, spark, spec.spark, spec.spark_color, spec.spark_soft);
  }
  const Piece number[] = {{spec.figure, type::kFigure, Color::text},
                          {" ", {6, 8, Weight::w400}},
                          {spec.unit, type::kLabel, Color::text_2}};
  paint_pieces(frame, figure, number);
  std::string words(spec.label);
  words += " " + std::string(spec.figure) + std::string(spec.unit);
  if (!spec.change.empty()) {
    const std::string change =
        std::string(spec.rises ? "↑ " : "↓ ") + std::string(spec.change) + " ";
    const Piece line[] = {{change, with(type::kCaption, Weight::w500), change_color(spec.meaning)},
                          {spec.against, type::kCaption, Color::text_3}};
    paint_pieces(frame, left.cut_top(16), line);
    words += ", " + change + std::string(spec.against);
  } else if (!spec.against.empty()) {
    paint_line(frame, left.cut_top(16), spec.against, type::kCaption, frame.color(Color::text_3));
  }
  frame.access.add_text(Role::text, rect, words);
}

void hero(Frame& frame, const Rect& rect, int corners) {
  gradient(frame, rect, Color::hero_1, Color::hero_2, radius::kCard, false, corners);
}

void hero_figure(Frame& frame, const Rect& rect, std::string_view name, std::string_view figure,
                 std::string_view unit, float reached) {
  Rect left = rect;
  paint_line(frame, left.cut_top(18, 2), name, type::kSmall, frame.color(Color::on_hero_2));
  const Piece number[] = {{figure, type::kFigure, Color::on_hero},
                          {" ", {6, 8, Weight::w400}},
                          {unit, type::kLabel, Color::on_hero}};
  paint_pieces(frame, left.cut_top(type::kFigure.line, 4), number);
  if (reached >= 0) {
    paint_track(frame, left.cut_top(4), reached, Color::hero_mark, frame.color(Color::hero_line));
  }
  frame.access.add_text(Role::text, rect,
                        std::string(name) + " " + std::string(figure) + std::string(unit));
}

}  // namespace banyan::ui
