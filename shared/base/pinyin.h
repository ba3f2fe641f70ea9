// Mandarin readings of Chinese characters and names, for search and for showing.
//
// Source: Unihan's kMandarin, with the readings that names want
// (assets/pinyin/readings.txt). A character has one reading here; 单 as a surname has
// its own (Shàn). Covers U+3400 to U+9FFF: all of GB 2312 and GBK, and nearly every
// rare character in names.
#pragma once

#include <string>
#include <string_view>

namespace banyan {

// "zhōng" and "zhong"; plain ü is v ("lv"), as input methods have it. Empty for what is
// no Chinese character or has no known reading.
std::string pinyin_of(char32_t character);
std::string plain_pinyin_of(char32_t character);

// What a search finds a name by.
struct Pinyin {
  std::string full;      // "zhangxiaoming"
  std::string initials;  // "zxm"
};

// Of a person's name in UTF-8 (its surname is read as surnames are), and of any other
// text. Latin letters and digits stay, in lower case: a word counts one initial, digits all.
// Everything else, invalid UTF-8 included, is left out.
Pinyin pinyin_of_person(std::string_view name);
Pinyin pinyin_of_text(std::string_view text);

// "shàn xiǎo míng": the syllables of a person's name with tones, for showing.
std::string spoken_name(std::string_view name);

}  // namespace banyan
