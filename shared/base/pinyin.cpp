#include "shared/base/pinyin.h"

#include <cstdint>
#include <vector>

#include "shared/base/pinyin_table.h"
#include "shared/base/text.h"

namespace banyan {
namespace {

std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t at = 0; at < text.size();) out.push_back(utf8_next(text, at));
  return out;
}

std::uint16_t syllable_of(char32_t character) {
  if (character < kPinyinFirst || character > kPinyinLast) return 0;
  return kPinyinReadings[character - kPinyinFirst];
}

std::string_view plain(std::uint16_t syllable) { return kPinyinBases[syllable >> 3]; }

// Where the tone mark goes: on a or e, on the o of ou, else on the last vowel.
std::size_t marked_vowel(std::string_view base) {
  if (const auto at = base.find_first_of("ae"); at != base.npos) return at;
  if (const auto at = base.find("ou"); at != base.npos) return at;
  return base.find_last_of("iouv");
}

std::string_view vowel(char letter, unsigned tone) {
  static constexpr const char* kVowels[6][5] = {
      {"ā", "á", "ǎ", "à", "a"}, {"ē", "é", "ě", "è", "e"}, {"ī", "í", "ǐ", "ì", "i"},
      {"ō", "ó", "ǒ", "ò", "o"}, {"ū", "ú", "ǔ", "ù", "u"}, {"ǖ", "ǘ", "ǚ", "ǜ", "ü"}};
  return kVowels[std::string_view("aeiouv").find(letter)][tone - 1];
}

std::string with_tone(std::uint16_t syllable) {
  const std::string_view base = plain(syllable);
  const std::size_t mark = marked_vowel(base);
  std::string out;
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (i == mark) {
      out += vowel(base[i], syllable & 7u);
    } else if (base[i] == 'v') {
      out += vowel('v', 5);
    } else {
      out += base[i];
    }
  }
  return out;
}

bool begins_with(const std::vector<char32_t>& text, const PinyinSurname& surname) {
  if (text.empty() || text[0] != surname.characters[0]) return false;
  return surname.characters[1] == 0 || (text.size() > 1 && text[1] == surname.characters[1]);
}

// One number for each character; 0 for what is no Chinese character.
std::vector<std::uint16_t> syllables_of(const std::vector<char32_t>& text, bool person) {
  std::vector<std::uint16_t> out;
  out.reserve(text.size());
  for (const char32_t character : text) out.push_back(syllable_of(character));
  if (!person) return out;
  for (std::size_t i = 0; i < kPinyinSurnameCount; ++i) {
    const PinyinSurname& surname = kPinyinSurnames[i];
    if (!begins_with(text, surname)) continue;
    out[0] = surname.syllables[0];
    if (surname.characters[1] != 0) out[1] = surname.syllables[1];
    break;
  }
  return out;
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Pinyin joined(std::string_view utf8, bool person) {
  const std::vector<char32_t> text = characters_of(utf8);
  const std::vector<std::uint16_t> syllables = syllables_of(text, person);
  Pinyin out;
  bool in_word = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool latin = is_letter(text[i]);
    if (latin || is_digit(text[i])) {
      const char letter = static_cast<char>(latin ? text[i] | 0x20u : text[i]);
      out.full += letter;
      if (!latin || !in_word) out.initials += letter;
    } else if (syllables[i] != 0) {
      out.full += plain(syllables[i]);
      out.initials += plain(syllables[i])[0];
    }
    in_word = latin;
  }
  return out;
}

}  // namespace

std::string pinyin_of(char32_t character) {
  const std::uint16_t syllable = syllable_of(character);
  return syllable == 0 ? std::string() : with_tone(syllable);
}

std::string plain_pinyin_of(char32_t character) {
  return std::string(plain(syllable_of(character)));
}

Pinyin pinyin_of_person(std::string_view name) { return joined(name, true); }
Pinyin pinyin_of_text(std::string_view text) { return joined(text, false); }

std::string spoken_name(std::string_view name) {
  std::string out;
  for (const std::uint16_t syllable : syllables_of(characters_of(name), true)) {
    if (syllable == 0) continue;
    if (!out.empty()) out += ' ';
    out += with_tone(syllable);
  }
  return out;
}

}  // namespace banyan
