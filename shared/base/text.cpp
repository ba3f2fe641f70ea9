#include "shared/base/text.h"

#include <algorithm>

#include "shared/base/check.h"

namespace banyan {

namespace {

struct Decoded {
  char32_t c;
  std::size_t size;  // 0: not well-formed
};

// Table 3-7 of the Unicode standard: the second byte decides overlong forms,
// surrogates and the end of the code space.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {static_cast<char32_t>(lead), 1};
  if (lead < 0xC2 || lead > 0xF4) return {0, 0};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < size) return {0, 0};
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte(1) < low || byte(1) > high) return {0, 0};
  char32_t c = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return {0, 0};
    c = c << 6 | (byte(i) & 0x3FU);
  }
  return {c, size};
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0xFEFF;
}

}  // namespace

bool utf8_valid(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.size == 0) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

char32_t utf8_next(std::string_view text, std::size_t& at) {
  BANYAN_CHECK(at < text.size());
  const Decoded next = decode(text.substr(at));
  at += next.size == 0 ? 1 : next.size;
  return next.size == 0 ? U'\uFFFD' : next.c;
}

std::size_t utf8_length(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) utf8_next(text, at);
  return count;
}

void utf8_append(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) {
    text += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string_view utf8_prefix(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (count-- > 0 && at < text.size()) utf8_next(text, at);
  return text.substr(0, at);
}

bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3007;
}

char32_t fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width ASCII
  if (c == 0x3000 || c == 0xA0) return ' ';
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c < 0xC0) return c;
  if (c <= 0xDE && c != 0xD7) return c + 32;  // Latin-1 capitals
  // Latin Extended-A: capital and small alternate, the small one odd or even.
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c == 0x130 ? U'i' : c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 1 ? c + 1 : c;
  if (c == 0x178) return 0xFF;
  if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 32;  // Greek
  if (c == 0x3C2) return 0x3C3;                               // final sigma
  if (c >= 0x410 && c <= 0x42F) return c + 32;                // Cyrillic
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) utf8_append(folded, fold(utf8_next(text, at)));
  return folded;
}

std::string_view trim(std::string_view text) {
  std::size_t first = text.size();
  std::size_t last = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (is_space(utf8_next(text, at))) continue;
    if (first == text.size()) first = start;
    last = at;
  }
  return text.substr(first, last - first);
}

TextPart differing_part(std::string_view text, std::string_view other) {
  const auto inside = [&](std::size_t at) {  // of a code point
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  const std::size_t most = std::min(text.size(), other.size());
  std::size_t head = 0, tail = 0;
  while (head < most && text[head] == other[head]) ++head;
  while (head > 0 && inside(head)) --head;
  while (tail < most - head && text[text.size() - 1 - tail] == other[other.size() - 1 - tail]) {
    ++tail;
  }
  while (tail > 0 && inside(text.size() - tail)) --tail;
  return {head, text.size() - tail};
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = fold(utf8_next(text, at));
    if (c >= '0' && c <= '9') digits += static_cast<char>(c);
  }
  return digits;
}

}  // namespace banyan
