#include "shared/base/text.h"

#include <doctest/doctest.h>

namespace banyan {

TEST_CASE("well-formed UTF-8 is exactly what RFC 3629 allows") {
  CHECK(utf8_valid(""));
  CHECK(utf8_valid("王桂兰 a\xC3\xA9 \xF0\xA0\xAE\xB7"));  // the last is 𠮷, outside the BMP
  CHECK(utf8_valid("\xF4\x8F\xBF\xBF"));
  CHECK_FALSE(utf8_valid("\xC0\xAF"));          // overlong
  CHECK_FALSE(utf8_valid("\xE0\x9F\xBF"));      // overlong
  CHECK_FALSE(utf8_valid("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(utf8_valid("\xF4\x90\x80\x80"));  // above U+10FFFF
  CHECK_FALSE(utf8_valid("\xE7\x8E"));          // cut
  CHECK_FALSE(utf8_valid("\x80"));
}

TEST_CASE("walking over text counts people's characters and survives bad bytes") {
  CHECK(utf8_length("王桂兰") == 3);
  CHECK(utf8_length("\xFF王\xE7") == 3);
  std::size_t at = 0;
  CHECK(utf8_next("\xFF王", at) == U'\uFFFD');
  CHECK(at == 1);
  CHECK(utf8_next("\xFF王", at) == U'王');
  CHECK(at == 4);
  CHECK(utf8_first("王桂兰") == "王");
  CHECK(utf8_first("") == "");
  CHECK(utf8_prefix("王桂兰", 2) == "王桂");
  CHECK(utf8_prefix("王", 9) == "王");
}

TEST_CASE("appending and reading a code point are each other's opposite") {
  for (const char32_t c :
       {U'\x7F', U'\x80', U'\u07FF', U'\u0800', U'\uFFFF', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    utf8_append(text, c);
    std::size_t at = 0;
    CHECK(utf8_next(text, at) == c);
    CHECK(at == text.size());
  }
  std::string surrogate;
  utf8_append(surrogate, 0xD800);
  CHECK(surrogate == "\xEF\xBF\xBD");
}

TEST_CASE("folding meets case and width and leaves Han characters and accents alone") {
  CHECK(fold("ＷＧＬ１２　Ab") == "wgl12 ab");
  CHECK(fold("王桂兰") == "王桂兰");
  CHECK(fold("ŽOFIE ŘÍHOVÁ Ďáblice") == "žofie říhová ďáblice");
  CHECK(fold("ΑΣ ΜΕΣ") == fold("ας μες"));
  CHECK(fold("МОСКВА Ё") == "москва ё");
  CHECK(fold("\u0130\u0178×÷") == "i\u00FF×÷");
}

TEST_CASE("white space of every width is trimmed, inner space stays") {
  CHECK(trim(" \u3000王 桂兰\t\u00A0\n") == "王 桂兰");
  CHECK(trim(" \u3000 ") == "");
  CHECK(trim("") == "");
}

TEST_CASE("digits are found in any width") {
  CHECK(digits_of("138-００１３ 8000x") == "13800138000");
}

TEST_CASE("Han characters beyond the first plane are Han") {
  CHECK(is_han(U'王'));
  CHECK(is_han(U'𠮷'));
  CHECK(is_han(U'〇'));
  CHECK_FALSE(is_han(U'，'));
  CHECK_FALSE(is_han(U'a'));
}

}  // namespace banyan

using banyan::differing_part;
using banyan::TextPart;

TEST_CASE("the part in which two texts differ is whole code points, and only that") {
  CHECK(differing_part("the red house", "the big house") == TextPart{4, 7});
  CHECK(differing_part("one", "one") == TextPart{3, 3});
  CHECK(differing_part("one two", "one") == TextPart{3, 7});
  CHECK(differing_part("one", "one two") == TextPart{3, 3});
  CHECK(differing_part("aa", "aaa") == TextPart{2, 2});
  CHECK(differing_part("", "x") == TextPart{0, 0});
  // 贷 and 货 begin and end with different bytes of three; 一 and 丁 share the first.
  CHECK(differing_part("还货款", "还贷款") == TextPart{3, 6});
  CHECK(differing_part("一月", "丁月") == TextPart{0, 3});
}
