#include "client/widgets/text.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace banyan::ui {
namespace {

// Noto Sans SC's ascent and its line (ascent and descent) in parts of the em.
constexpr float kAscent = 1.160f, kContent = 1.448f;

unsigned next_character(const char*& at, const char* end) {
  unsigned code = static_cast<unsigned char>(*at);
  at += code < 0x80 ? 1 : ImTextCharFromUtf8(&code, at, end);
  return code;
}

float width_of(ImFontBaked* font, std::string_view text) {
  float width = 0;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    width += font->GetCharAdvance(static_cast<ImWchar>(next_character(at, end)));
  }
  return width;
}

// How a rare character that only the regular font has is made as heavy as its neighbours: the same
// glyph once more, a little to the right.
struct Strike {
  float shift = 0;  // 0: not needed
  std::uint32_t color = 0;
};

Strike strike_of(Frame& frame, const TextStyle& style, std::uint32_t color) {
  if (style.weight == Weight::w400) return {};
  const float pixel = 1 / frame.density();
  const float shift = std::max(pixel, frame.snap(style.size * 0.03f));
  if (style.weight == Weight::w700) return {shift, color};
  const std::uint32_t alpha = (color >> IM_COL32_A_SHIFT) / 2;
  return {pixel, (color & ~IM_COL32_A_MASK) | alpha << IM_COL32_A_SHIFT};
}

void draw_glyph(ImDrawList* list, const ImFontGlyph& glyph, float left, float top,
                std::uint32_t color) {
  list->PrimReserve(6, 4);
  list->PrimRectUV({left, top + glyph.Y0}, {left + glyph.X1 - glyph.X0, top + glyph.Y1},
                   {glyph.U0, glyph.V0}, {glyph.U1, glyph.V1}, color);
}

// Draws from the baseline at `x`; returns the width.
float draw_glyphs(Frame& frame, ImFontBaked* font, float x, float baseline, std::string_view text,
                  std::uint32_t color, const Strike& strike) {
  const float top = baseline - IM_ROUND(font->Ascent);
  float pen = x;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const auto* glyph = font->FindGlyph(static_cast<ImWchar>(next_character(at, end)));
    if (glyph->Visible) {
      const float left = frame.snap(pen) + glyph->X0;
      draw_glyph(frame.draw, *glyph, left, top, color);
      // The weight's own file is the first source of its font.
      if (strike.shift > 0 && glyph->SourceIdx > 0) {
        draw_glyph(frame.draw, *glyph, left + strike.shift, top, strike.color);
      }
    }
    pen += glyph->AdvanceX;
  }
  return pen - x;
}

// The longest start of `text` that leaves room for the dots.
std::string_view cut_to(ImFontBaked* font, std::string_view text, float width) {
  const char* end = text.data() + text.size();
  float used = 0;
  for (const char* at = text.data(); at < end;) {
    const char* start = at;
    used += font->GetCharAdvance(static_cast<ImWchar>(next_character(at, end)));
    if (used > width) return text.substr(0, static_cast<std::size_t>(start - text.data()));
  }
  return text;
}

float aligned(const Rect& rect, float width, Align align) {
  if (align == Align::right) return rect.right() - width;
  return align == Align::center ? rect.x + (rect.w - width) / 2 : rect.x;
}

}  // namespace

float text_width(Frame& frame, std::string_view text, TextStyle style) {
  style = frame.theme.style(style);
  return width_of(frame.baked(style.weight, style.size), text);
}

float paint_text(Frame& frame, Vec at, std::string_view text, TextStyle style,
                 std::uint32_t color) {
  style = frame.theme.style(style);
  const float baseline =
      frame.snap(at.y + (style.line - kContent * style.size) / 2 + kAscent * style.size);
  return draw_glyphs(frame, frame.baked(style.weight, style.size), frame.snap(at.x), baseline, text,
                     color, strike_of(frame, style, color));
}

void paint_line(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
                std::uint32_t color, Align align) {
  if (rect.w <= 0 || text.empty()) return;
  const TextStyle shown = frame.theme.style(style);
  ImFontBaked* font = frame.baked(shown.weight, shown.size);
  const float top = rect.y + (rect.h - style.line) / 2;
  const float width = width_of(font, text);
  if (width <= rect.w + 0.5f) {
    paint_text(frame, {aligned(rect, width, align), top}, text, style, color);
    return;
  }
  constexpr std::string_view kDots = "…";
  const float dots = width_of(font, kDots);
  const std::string_view start = cut_to(font, text, rect.w - dots);
  const float used = paint_text(frame, {rect.x, top}, start, style, color);
  paint_text(frame, {rect.x + used, top}, kDots, style, color);
}

void label(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, Color color,
           Align align) {
  paint_line(frame, rect, text, style, frame.color(color), align);
  frame.access.add_text(Role::text, rect, text);
}

void heading(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, int level,
             Color color) {
  paint_line(frame, rect, text, style, frame.color(color));
  frame.access.add_text(Role::heading, rect, text, level);
}

float headline(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, int level) {
  Rect left = rect;
  for (const std::string_view line : wrap(frame, text, style, rect.w)) {
    paint_line(frame, left.cut_top(style.line), line, style, frame.color(Color::text));
  }
  frame.access.add_text(Role::heading, {rect.x, rect.y, rect.w, left.y - rect.y}, text, level);
  return left.y - rect.y;
}

float paragraph_height(Frame& frame, std::string_view text, TextStyle style, float width) {
  return static_cast<float>(wrap(frame, text, style, width).size()) * style.line;
}

float paint_paragraph(Frame& frame, const Rect& rect, std::string_view text, TextStyle style,
                      std::uint32_t color, Align align) {
  const std::vector<std::string_view> lines = wrap(frame, text, style, rect.w);
  const auto room = static_cast<std::size_t>(std::max(0.0f, (rect.h + 0.5f) / style.line));
  Rect left = rect;
  for (std::size_t i = 0; i < std::min(lines.size(), room); ++i) {
    const bool rest = i + 1 == room;
    const auto start = static_cast<std::size_t>(lines[i].data() - text.data());
    paint_line(frame, left.cut_top(style.line), rest ? text.substr(start) : lines[i], style, color,
               align);
  }
  return left.y - rect.y;
}

float paragraph(Frame& frame, const Rect& rect, std::string_view text, TextStyle style, Color color,
                Align align) {
  const float height = paint_paragraph(frame, rect, text, style, frame.color(color), align);
  frame.access.add_text(Role::text, {rect.x, rect.y, rect.w, height}, text);
  return height;
}

float pieces_width(Frame& frame, std::span<const Piece> pieces) {
  float width = 0;
  for (const Piece& piece : pieces) width += text_width(frame, piece.text, piece.style);
  return width;
}

void paint_pieces(Frame& frame, const Rect& rect, std::span<const Piece> pieces, Align align) {
  Rect left = rect;
  left.x = aligned(rect, std::min(rect.w, pieces_width(frame, pieces)), align);
  left.w = rect.right() - left.x;
  // Sizes may differ, the baseline may not: it is the largest piece's.
  float size = 0, line = 0;
  for (const Piece& piece : pieces) {
    if (piece.style.size > size) size = piece.style.size, line = piece.style.line;
  }
  const float top = rect.y + (rect.h - line) / 2;
  const float baseline = top + (line - kContent * size) / 2 + kAscent * size;
  for (const Piece& piece : pieces) {
    const float own =
        (piece.style.line - kContent * piece.style.size) / 2 + kAscent * piece.style.size;
    const float width = text_width(frame, piece.text, piece.style);
    paint_line(frame, {left.x, baseline - own, std::min(width + 0.5f, left.w), piece.style.line},
               piece.text, piece.style, frame.color(piece.color));
    left.cut_left(width);
  }
}

void label_pieces(Frame& frame, const Rect& rect, std::initializer_list<Piece> pieces,
                  Align align) {
  std::string all;
  for (const Piece& piece : pieces) all += piece.text;
  paint_pieces(frame, rect, {pieces.begin(), pieces.size()}, align);
  frame.access.add_text(Role::text, rect, all);
}

void paint_icon(Frame& frame, const Rect& rect, Icon icon, float size, std::uint32_t color) {
  if (icon == Icon::none) return;
  ImFontBaked* font = frame.baked_icons(size);
  const auto* glyph = font->FindGlyph(static_cast<ImWchar>(icon));
  if (!glyph->Visible) return;
  // Lucide draws on a square of one em; the font's own ascent is the top of that square.
  const float left = frame.snap(rect.x + (rect.w - glyph->AdvanceX) / 2);
  const float top = frame.snap(rect.y + (rect.h - size) / 2) - (IM_ROUND(font->Ascent) - size);
  frame.draw->PrimReserve(6, 4);
  frame.draw->PrimRectUV({left + glyph->X0, top + glyph->Y0}, {left + glyph->X1, top + glyph->Y1},
                         {glyph->U0, glyph->V0}, {glyph->U1, glyph->V1}, color);
}

}  // namespace banyan::ui
