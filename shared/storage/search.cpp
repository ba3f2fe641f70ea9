#include "shared/storage/search.h"

#include <algorithm>
#include <optional>

#include "shared/base/pinyin.h"
#include "shared/base/text.h"

namespace banyan {

namespace {

constexpr std::size_t kQuestionTermsMax = 8;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

char32_t code_point(std::string_view character) {
  std::size_t at = 0;
  return utf8_next(character, at);
}

// The part of a number that people read out: digits and letters, in lower case.
std::string plain_number(std::string_view number) {
  std::string out;
  for (const char c : number) {
    if (digit(c) || letter(c)) out += lower(c);
  }
  return out;
}

struct Tokens {
  std::string han, latin, numbers;

  static void add(std::string& to, std::string_view token) {
    if (token.empty()) return;
    if (!to.empty()) to += ' ';
    to += token;
  }

  void add_pinyin(const Pinyin& pinyin) {
    add(latin, pinyin.full);
    if (pinyin.initials != pinyin.full) add(latin, pinyin.initials);
  }
};

Tokens tokens_of(const Findable& row) {
  Tokens out;
  std::string_view rest = row.name;
  out.add_pinyin(row.person ? pinyin_of_person(row.name) : pinyin_of_text(row.name));
  while (!rest.empty()) {
    const std::size_t size = utf8_first(rest).size();
    const std::string_view character = rest.substr(0, size);
    if (is_han(code_point(character))) Tokens::add(out.han, character);
    const bool word_ends = character == " ";
    rest.remove_prefix(size);
    // "guilan" and "gl" find 王桂兰 too, and "novotna" Anna Novotna.
    if (!rest.empty() && (word_ends || is_han(code_point(utf8_first(rest))))) {
      out.add_pinyin(pinyin_of_text(rest));
    }
  }
  for (const std::string& number : row.numbers) {
    const std::string plain = plain_number(number);
    if (plain.empty()) continue;
    Tokens::add(out.numbers, "h" + plain);
    Tokens::add(out.numbers, "t" + std::string(plain.rbegin(), plain.rend()));
  }
  return out;
}

std::int64_t fingerprint(const Tokens& tokens) {  // FNV-1a, 64 bit
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const std::string* part : {&tokens.han, &tokens.latin, &tokens.numbers}) {
    for (const char c : *part) {
      hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3ULL;
    }
    hash = (hash ^ 0xFF) * 0x100000001B3ULL;
  }
  return static_cast<std::int64_t>(hash);
}

// A run of one kind of character in a question: Han, letters, or digits.
struct Term {
  MatchKind kind;
  std::string text;
};

MatchKind kind_of_character(std::string_view character) {
  const char c = character.front();
  if (character.size() == 1 && digit(c)) return MatchKind::Number;
  if (character.size() == 1 && letter(c)) return MatchKind::Pinyin;
  return is_han(code_point(character)) ? MatchKind::Name : MatchKind::None;
}

std::vector<Term> terms_of(std::string_view typed) {
  std::vector<Term> out;
  bool open = false;
  while (!typed.empty()) {
    const std::string_view character = utf8_first(typed);
    typed.remove_prefix(character.size());
    MatchKind kind = kind_of_character(character);
    // The X that ends an ID number.
    const bool id_end = open && out.back().kind == MatchKind::Number && lower(character[0]) == 'x';
    if (id_end) kind = MatchKind::Number;
    if (kind == MatchKind::None) {
      open = false;
      continue;
    }
    if (!open || out.back().kind != kind) out.push_back({kind, {}});
    open = true;
    if (kind == MatchKind::Name) {
      Tokens::add(out.back().text, character);
    } else {
      out.back().text += lower(character[0]);
    }
  }
  if (out.size() > kQuestionTermsMax) out.resize(kQuestionTermsMax);
  return out;
}

std::string match_of_term(const Term& term) {
  switch (term.kind) {
    case MatchKind::Name: return "han : \"" + term.text + "\"";
    case MatchKind::Number: {
      const std::string tail(term.text.rbegin(), term.text.rend());
      return "numbers : (\"t" + tail + "\" * OR \"h" + term.text + "\" *)";
    }
    default: return "latin : \"" + term.text + "\" *";
  }
}

// How many characters of `name` spell at least `size` bytes of its pinyin, or of its initials.
std::size_t characters_for(std::string_view name, bool person, std::string Pinyin::*spelling,
                           std::size_t size) {
  const std::size_t all = utf8_length(name);
  for (std::size_t count = 1; count <= all; ++count) {
    const std::string_view begin = utf8_prefix(name, count);
    const Pinyin pinyin = person ? pinyin_of_person(begin) : pinyin_of_text(begin);
    if ((pinyin.*spelling).size() >= size) return count;
  }
  return all;
}

}  // namespace

Result<SearchIndex> SearchIndex::open(Database& db) {
  TRY(
      db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS find USING fts5(han, latin, numbers, content='',"
              " contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 0')"));
  // Segments are merged when there are sixteen of a size, not a little with every write: whoever
  // saves a phone number would wait for that, and search is as fast.
  const auto set = db.query_int("SELECT v FROM find_config WHERE k='automerge'");
  if (!set && set.error().code != ErrorCode::NotFound) return set.error();
  if (!set) TRY(db.exec("INSERT INTO find(find, rank) VALUES('automerge', 0)"));
  TRY(db.exec("CREATE TABLE IF NOT EXISTS find_print(id INTEGER PRIMARY KEY, print INTEGER)"));
  return SearchIndex(db);
}

Status SearchIndex::put(const Findable& row) {
  const Tokens tokens = tokens_of(row);
  const std::int64_t print = fingerprint(tokens);
  const Result<std::int64_t> before =
      db_->query_int("SELECT print FROM find_print WHERE id=?1", row.id);
  if (before.ok() && *before == print) return {};
  if (!before.ok() && before.error().code != ErrorCode::NotFound) return before.error();
  TRY(db_->run("INSERT OR REPLACE INTO find(rowid, han, latin, numbers) VALUES(?1,?2,?3,?4)",
               row.id, tokens.han, tokens.latin, tokens.numbers));
  return db_->run("INSERT OR REPLACE INTO find_print VALUES(?1,?2)", row.id, print);
}

Status SearchIndex::remove(RowId id) {
  TRY(db_->run("DELETE FROM find WHERE rowid=?1", id));
  return db_->run("DELETE FROM find_print WHERE id=?1", id);
}

Status SearchIndex::clear() {
  TRY(db_->exec("DELETE FROM find WHERE rowid IN (SELECT id FROM find_print)"));
  return db_->exec("DELETE FROM find_print");
}

std::string_view SearchIndex::part_of(std::string_view name, bool person, std::string_view typed) {
  const std::vector<Term> terms = terms_of(typed);
  if (terms.size() != 1 || terms[0].kind == MatchKind::Number) return {};
  if (terms[0].kind == MatchKind::Name) {
    const std::string_view words = trim(typed);
    const std::size_t at = name.find(words);
    return at == std::string_view::npos ? std::string_view() : name.substr(at, words.size());
  }
  const std::string& letters = terms[0].text;
  for (std::string_view rest = name; !rest.empty(); person = false) {
    const Pinyin pinyin = person ? pinyin_of_person(rest) : pinyin_of_text(rest);
    for (const auto spelling : {&Pinyin::initials, &Pinyin::full}) {
      if (!(pinyin.*spelling).starts_with(letters)) continue;
      return utf8_prefix(rest, characters_for(rest, person, spelling, letters.size()));
    }
    rest.remove_prefix(utf8_first(rest).size());
  }
  return {};
}

std::string SearchIndex::match_of(std::string_view typed) {
  std::string out;
  for (const Term& term : terms_of(typed)) {
    if (!out.empty()) out += " AND ";
    out += match_of_term(term);
  }
  return out;
}

Result<std::vector<RowId>> SearchIndex::find(std::string_view typed, std::size_t count_max) {
  std::vector<RowId> out;
  const std::string match = match_of(typed);
  if (match.empty()) return out;
  TRY_ASSIGN(Statement ask, db_->statement("SELECT rowid FROM find WHERE find MATCH ?1 LIMIT ?2"));
  ask.bind(1, match);
  ask.bind(2, static_cast<std::int64_t>(count_max));
  while (true) {
    TRY_ASSIGN(const bool more, ask.step());
    if (!more) return out;
    out.push_back(ask.row_id(0));
  }
}

MatchKind SearchIndex::kind_of(std::string_view typed) {
  const std::vector<Term> terms = terms_of(typed);
  if (terms.empty()) return MatchKind::None;
  const Term& last = terms.back();
  if (last.kind != MatchKind::Pinyin) return last.kind;
  // Initials have no vowel after the first letter: "wgl", not "wang".
  const bool vowel = last.text.find_first_of("aeiouv", 1) != std::string::npos;
  return vowel ? MatchKind::Pinyin : MatchKind::Initials;
}

}  // namespace banyan
