#include "shared/base/pinyin.h"

#include <doctest/doctest.h>

using namespace banyan;

TEST_CASE("a character is read with its tone mark where the rule of spelling puts it") {
  CHECK(pinyin_of(U'中') == "zhōng");
  CHECK(pinyin_of(U'好') == "hǎo");
  CHECK(pinyin_of(U'周') == "zhōu");
  CHECK(pinyin_of(U'刘') == "liú");
  CHECK(pinyin_of(U'贵') == "guì");
  CHECK(pinyin_of(U'吕') == "lǚ");
  CHECK(pinyin_of(U'月') == "yuè");
  CHECK(pinyin_of(U'欧') == "ōu");
  CHECK(pinyin_of(U'嗯') == "ēn");
}

TEST_CASE("plain pinyin writes v for ü, as input methods have it") {
  CHECK(plain_pinyin_of(U'吕') == "lv");
  CHECK(plain_pinyin_of(U'绿') == "lv");
  CHECK(plain_pinyin_of(U'中') == "zhong");
}

TEST_CASE("the ends of the table, and what lies outside it") {
  CHECK(plain_pinyin_of(U'\u4E00') == "yi");
  CHECK(plain_pinyin_of(U'\u3400') == "qiu");
  CHECK(plain_pinyin_of(U'\u4DAE') == "yan");  // 䶮, a rare character in names
  CHECK(pinyin_of(U'a').empty());
  CHECK(pinyin_of(U'\u33FF').empty());
  CHECK(pinyin_of(U'\uA000').empty());
  CHECK(pinyin_of(U'\U0010FFFF').empty());
}

TEST_CASE("every character of GB 2312 level 1 has a reading") {
  // Level 1 is ordered by pinyin; its first and last and a few on the way.
  for (const char32_t c :
       std::u32string_view(U"啊阿埃挨般播程担峰该恒接况路米农贫强热说唐文雄养组左座")) {
    CHECK(!plain_pinyin_of(c).empty());
  }
}

TEST_CASE("a person is found by full pinyin and by initials [R2]") {
  const Pinyin name = pinyin_of_person("张晓明");
  CHECK(name.full == "zhangxiaoming");
  CHECK(name.initials == "zxm");
}

TEST_CASE("a surname with a reading of its own is read so, at the start of a name alone") {
  struct Case {
    const char* name;
    const char* full;
  };
  for (const Case& c :
       {Case{"单丽娜", "shanlina"}, Case{"仇和", "qiuhe"}, Case{"解晓东", "xiexiaodong"},
        Case{"曾国强", "zengguoqiang"}, Case{"区小红", "ouxiaohong"},
        Case{"查良镛", "zhaliangyong"}, Case{"朴春花", "piaochunhua"}, Case{"尉迟恭", "yuchigong"},
        Case{"任长华", "renchanghua"}}) {
    CHECK(pinyin_of_person(c.name).full == c.full);
  }
  CHECK(pinyin_of_person("王单").full == "wangdan");
  CHECK(pinyin_of_text("单据查询").full == "danjuchaxun");
  CHECK(spoken_name("单小明") == "shàn xiǎo míng");
}

TEST_CASE("Latin words and digits stay; everything else is left out") {
  const Pinyin company = pinyin_of_text("ABC农机（北京）有限公司2号");
  CHECK(company.full == "abcnongjibeijingyouxiangongsi2hao");
  CHECK(company.initials == "anjbjyxgs2h");
  CHECK(pinyin_of_person("买买提·吐尔逊").full == "maimaitituerxun");
  CHECK(pinyin_of_text("Old Town 12").initials == "ot12");
}

TEST_CASE("invalid UTF-8 is left out and never read past") {
  CHECK(pinyin_of_text("\xE4\xB8").full.empty());  // 中 cut short
  CHECK(pinyin_of_text("\xFF\xFE王").full == "wang");
  CHECK(pinyin_of_text("\x80\x80").full.empty());
  CHECK(pinyin_of_text(std::string_view("\xE4", 1)).full.empty());
  CHECK(pinyin_of_text("").full.empty());
}
