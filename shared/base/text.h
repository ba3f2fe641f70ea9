// UTF-8: checking it, walking over it, and folding it so that a search finds
// what a person typed in another case or width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace banyan {

// True for well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates,
// nothing above U+10FFFF.
bool utf8_valid(std::string_view text);

// Code points. A byte that is not part of well-formed UTF-8 counts as one.
std::size_t utf8_length(std::string_view text);

// The code point at `at`, which moves behind it; U+FFFD for one byte that does
// not fit. Asserts that `at` is inside `text`.
char32_t utf8_next(std::string_view text, std::size_t& at);
void utf8_append(std::string& text, char32_t c);

// At most `count` code points from the beginning.
std::string_view utf8_prefix(std::string_view text, std::size_t count);
// The first code point as text, e.g. a family name for an avatar; empty for "".
// What of `text` is not also in `other` at its beginning or its end: bytes, whole code points.
struct TextPart {
  std::size_t begin = 0, end = 0;
  bool operator==(const TextPart&) const = default;
};
TextPart differing_part(std::string_view text, std::string_view other);
inline std::string_view utf8_first(std::string_view text) { return utf8_prefix(text, 1); }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_han(char32_t c);

// Lower case (Latin, Greek, Cyrillic) and usual width: "ＡＢ１２" and "ab12" meet,
// and an ideographic space is a space. Keeps accents, keeps every Han character.
char32_t fold(char32_t c);
std::string fold(std::string_view text);

// Without white space (usual, ideographic, no-break, zero-width) at both ends.
std::string_view trim(std::string_view text);

// The ASCII digits in it, full-width ones folded; everything else left out.
std::string digits_of(std::string_view text);

}  // namespace banyan
