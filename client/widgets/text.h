// Words on the screen: measuring, cutting, wrapping and drawing.
//
// Lines have the token's height and the baseline where CSS would put it. Every glyph starts on a
// device pixel, so type is crisp at any scale.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "client/frame.h"

namespace banyan::ui {

enum class Align : std::uint8_t { left, center, right };

float text_width(Frame& frame, std::string_view text, TextStyle style);

// Drawing only; the words are not in the accessible tree. `at` is the upper left of the line box.
// Returns the width.
float paint_text(Frame& frame, Vec at, std::string_view text, TextStyle style, std::uint32_t color);
// One line in the vertical middle of `rect`, cut with … when it is too long.
void paint_line(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
                std::uint32_t color, Align align = Align::left);

// One line that a screen reader reads too.
void label(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
           Color color = Color::text, Align align = Align::left);
void heading(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, int level,
             Color color = Color::text);

// A heading of as many lines as it needs; returns their height.
float headline(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, int level);

// Lines of at most `width`. Breaks between Chinese characters and at spaces, keeps closing marks
// off the line's start and opening marks off its end, and never breaks inside a number.
std::vector<std::string_view> wrap(Frame& frame, std::string_view text, TextStyle style,
                                   float width);
float paragraph_height(Frame& frame, std::string_view text, TextStyle style, float width);
// Draws the lines from the top of `rect`, at most as many as fit, the last one cut with … when
// there are more; returns the height used.
float paint_paragraph(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
                      std::uint32_t color, Align align = Align::left);
// The same, for a screen reader too.
float paragraph(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
                Color color = Color::text, Align align = Align::left);

// Pieces in different weights and colours on one line: 离线·<28> 条存本机.
struct Piece {
  std::string_view text = {};
  TextStyle style;
  Color color = Color::text;
};
float pieces_width(Frame& frame, std::span<const Piece> pieces);
void paint_pieces(Frame& frame, const Rect& rect, std::span<const Piece> pieces,
                  Align align = Align::left);
void label_pieces(Frame& frame, const Rect& rect, std::initializer_list<Piece> pieces,
                  Align align = Align::left);

// An icon of this size in the middle of `rect`.
void paint_icon(Frame& frame, const Rect& rect, Icon icon, float size, std::uint32_t color);

}  // namespace banyan::ui
