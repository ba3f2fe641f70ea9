// The words a person reads, in two languages, and the rules that fill in values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "texts.gen.h"

namespace banyan::ui {

enum class Language : std::uint8_t { chinese, english };

using TextValues = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class Texts {
 public:
  explicit Texts(Language language) : language_(language) {}

  Language language() const { return language_; }
  bool chinese() const { return language_ == Language::chinese; }
  void set(Language language) { language_ = language; }

  std::string_view get(T key) const { return forms(key).other; }
  // "{n} 条" with {{"n", "28"}}. A place without a value is a mistake of ours and asserts.
  std::string fill(T key, TextValues values) const;
  // The same with `n` in the place {n}, in the plural form that n asks for.
  std::string count(T key, std::int64_t n, TextValues more = {}) const;

 private:
  const TextForms& forms(T key) const {
    return (chinese() ? kChinese : kEnglish)[static_cast<int>(key)];
  }
  Language language_;
};

}  // namespace banyan::ui
