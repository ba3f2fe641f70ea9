// Where a line may break. A small part of Unicode's line breaking (UAX #14): enough for Chinese,
// Latin words, numbers and the marks a bank's texts use.
#include <imgui.h>
#include <imgui_internal.h>

#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

bool ideograph(unsigned c) {
  return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) ||
         (c >= 0xFF00 && c <= 0xFFEF) || c >= 0x20000;
}

// Marks that may not start a line.
bool closes(unsigned c) {
  switch (c) {
    case 0x3001:
    case 0x3002:
    case 0xFF0C:
    case 0xFF1B:
    case 0xFF1A:
    case 0xFF1F:
    case 0xFF01:
    case 0xFF09:
    case 0x300B:
    case 0x300D:
    case 0x300F:
    case 0x3011:
    case 0x201D:
    case 0x2019:
    case 0x2026:
    case 0xB7:
    case ',':
    case '.':
    case ';':
    case ':':
    case '?':
    case '!':
    case ')':
    case ']':
    case '%':
    case 0xFF05: return true;
    default: return false;
  }
}

// Marks that may not end one.
bool opens(unsigned c) {
  return c == 0xFF08 || c == 0x300A || c == 0x300C || c == 0x300E || c == 0x3010 || c == 0x201C ||
         c == 0x2018 || c == '(' || c == '[' || c == 0xA5 || c == 0xFFE5;
}

bool may_break(unsigned before, unsigned after) {
  if (closes(after) || opens(before)) return false;
  return before == ' ' || ideograph(before) || ideograph(after) || before == 0xB7;
}

}  // namespace

std::vector<std::string_view> wrap(Frame& frame, std::string_view text, TextStyle style,
                                   float width) {
  style = frame.theme.style(style);
  ImFontBaked* font = frame.baked(style.weight, style.size);
  std::vector<std::string_view> lines;
  const char* const end = text.data() + text.size();
  const char* start = text.data();
  const char* fit = nullptr;  // the last place where this line may end
  float used = 0, used_to_fit = 0;
  unsigned before = 0;
  const auto finish = [&](const char* line_end) {
    std::string_view line(start, static_cast<std::size_t>(line_end - start));
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.push_back(line);
  };
  for (const char* at = start; at < end;) {
    const char* here = at;
    unsigned code = static_cast<unsigned char>(*at);
    at += code < 0x80 ? 1 : ImTextCharFromUtf8(&code, at, end);
    if (code == '\n') {
      finish(here);
      start = at;
      used = 0, fit = nullptr, before = 0;
      continue;
    }
    if (here != start && may_break(before, code)) fit = here, used_to_fit = used;
    const float advance = font->GetCharAdvance(static_cast<ImWchar>(code));
    if (used + advance > width && code != ' ' && here != start) {
      // A word longer than the line is cut where it must be.
      if (fit == nullptr) fit = here, used_to_fit = used;
      finish(fit);
      start = fit;
      used -= used_to_fit;
      fit = nullptr;
    }
    used += advance;
    before = code;
  }
  if (start < end || lines.empty()) finish(end);
  return lines;
}

}  // namespace banyan::ui
