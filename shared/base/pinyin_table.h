// The table behind pinyin.h, made by assets/pinyin/make.mjs at build time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace banyan {

inline constexpr char32_t kPinyinFirst = 0x3400;
inline constexpr char32_t kPinyinLast = 0x9FFF;

// A syllable is an index into kPinyinBases times 8 plus the tone; 0 is unknown.
extern const std::uint16_t kPinyinReadings[kPinyinLast - kPinyinFirst + 1];
extern const char* const kPinyinBases[];  // "zhong", with v for ü

struct PinyinSurname {
  char32_t characters[2];  // the second is 0 in a surname of one character
  std::uint16_t syllables[2];
};
extern const PinyinSurname kPinyinSurnames[];  // those of two characters first
extern const std::size_t kPinyinSurnameCount;

}  // namespace banyan
