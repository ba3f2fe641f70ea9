// Buttons and links that look like text.
#pragma once

#include "client/widgets/interact.h"

namespace banyan::ui {

enum class ButtonKind : std::uint8_t {
  normal,
  primary,
  soft,
  quiet,
  danger,
  danger_filled,
  conflict,
  hero,
  hero_filled
};
enum class ButtonSize : std::uint8_t { normal, large, customer };

struct ButtonSpec {
  std::string_view label = {};
  ButtonKind kind = ButtonKind::normal;
  Icon icon = Icon::none;
  ButtonSize size = ButtonSize::normal;
  bool disabled = false;
  std::string_view busy = {};    // the word while it works: "保存中"; empty when it is idle
  std::string_view reason = {};  // why it is disabled
  std::string_view id = {};      // where two buttons of one view share a word
  bool icon_only = false;        // the label is for screen readers
  bool icon_after = false;
};

float button_height(ButtonSize size);
float button_width(Frame& frame, const ButtonSpec& spec);
// True when pressed.
bool button(Frame& frame, const Rect& rect, const ButtonSpec& spec);
// Takes its natural width from the right (or left) of `row`, which keeps `gap` free beside it.
bool button_right(Frame& frame, Rect& row, const ButtonSpec& spec, float gap = 8);
bool button_left(Frame& frame, Rect& row, const ButtonSpec& spec, float gap = 8);

struct LinkSpec {
  std::string_view label = {};
  Icon before = Icon::none, after = Icon::none;
  Color color = Color::primary;
  std::string_view id = {};
};
float link_width(Frame& frame, const LinkSpec& spec);
bool link(Frame& frame, const Rect& rect, const LinkSpec& spec);

// A bare icon, 44 x 44.
bool icon_button(Frame& frame, const Rect& rect, Icon icon, std::string_view name,
                 Color color = Color::text_2);

}  // namespace banyan::ui
