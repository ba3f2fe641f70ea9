// Fields to type in. The box, the words around it and the value at rest are drawn; while a person
// types, a real text field of the page lies exactly over the value, so input methods, the soft
// keyboard, selection and paste are the browser's own.
#pragma once

#include "client/widgets/interact.h"

namespace banyan::ui {

enum class FieldKind : std::uint8_t { text, money, number, phone, id_number, secret, search };

struct FieldSpec {
  std::string_view label = {};  // empty: no line above the box, `name` speaks
  FieldKind kind = FieldKind::text;
  std::string_view hint = {};         // below; for money the amount in capitals where it is empty
  std::string_view error = {};        // instead of the hint: how to repair it
  std::string_view unit = {};         // right in the box
  std::string_view placeholder = {};  // in the empty box
  std::string_view name = {};         // for screen readers, where there is no label
  std::string_view id = {};
  Icon icon = Icon::none;
  bool required = false, read_only = false, disabled = false;
  bool compact = false;  // no line for hints below
  int lines = 1;
  int length_max = 0;
  std::string_view enter = "done";  // what the soft keyboard's key says: done, next, search, go
};

struct FieldResponse {
  bool changed = false;   // the value is another one (never in the middle of a composition)
  bool finished = false;  // the person left the field or pressed Enter: the moment to check
  bool entered = false;   // Enter
  bool focused = false;
  bool composing = false;  // an input method is at work: do not complain about the value yet
};

// The words over a control, with a star when it must be filled; the control itself bears the name.
void field_label(Frame& frame, const Rect& rect, std::string_view words, bool required);
// With as many lines for the hint or the error as they need.
float field_height(Frame& frame, const FieldSpec& spec, float width);
FieldResponse text_field(Frame& frame, const Rect& rect, const FieldSpec& spec, std::string& value);
// A secret with an eye to look at it.
FieldResponse secret_field(Frame& frame, const Rect& rect, FieldSpec spec, std::string& value,
                           bool& visible);
// Round magnifier, the words, a cross that empties it. 44 or 52 high.
FieldResponse search_field(Frame& frame, const Rect& rect, std::string_view placeholder,
                           std::string& value, std::string_view tag = {});
// Looks like a field, opens something: a choice among many, a date.
bool select_field(Frame& frame, const Rect& rect, const FieldSpec& spec, std::string_view value);

// Empty when `value` is fit for its kind, else the words that say how to repair it.
std::string phone_trouble(const Texts& texts, std::string_view value);
std::string id_number_trouble(const Texts& texts, const format::Clock& clock,
                              std::string_view value);
std::string money_trouble(const Texts& texts, std::string_view value);

}  // namespace banyan::ui
