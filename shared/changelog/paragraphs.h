// Shared long text (kind T): several people write it at once and nobody's paragraph is lost.
//
// A paragraph is one line of the text. It has a number for life, drawn at its birth from the room
// between its neighbours, which is also its place until it is moved; where it was moved to is a
// value of its own. A row keeps both among its siblings: what a write saw it replaces, what it did
// not see stays beside it. So writes of different paragraphs do not meet, two of one paragraph
// both stay until a person decides, and of two moves the later one counts. A cleared paragraph
// leaves nothing behind: an edit that had not seen the clearing brings it back where it was born.
//
// Sources: places are dense, ordered numbers as in Weiss, Urso, Molli, "Logoot" (ICDCS 2009); a
// place beside the identity is Kleppmann, "Moving Elements in List CRDTs" (PaPoC 2020). Lines that
// one person inserts together are numbered closely from one drawn start, so that two who insert at
// the same spot do not interleave (the trouble: Weidner, Kleppmann, "The Art of the Fugue", 2023):
// not for certain, but in all but one of a thousand cases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/changelog/row.h"

namespace banyan {

// What a person may save: lines of one text.
inline constexpr std::size_t kLinesMax = 1000;
// What one field of one row may grow to when many write at once.
inline constexpr std::size_t kTextSiblingsMax = 2048;
inline constexpr std::size_t kTextSizeMax = 128 * 1024;

// Sibling::element of a paragraph's text and of its place. Numbers: 1 to 2^61 - 1.
constexpr std::int64_t text_element(std::int64_t paragraph) { return paragraph << 1; }
constexpr std::int64_t place_element(std::int64_t paragraph) { return paragraph << 1 | 1; }

// What a write does to one element: a text without line breaks, a place, or null: cleared.
struct ParagraphWrite {
  std::int64_t element = 0;
  Value value;
  bool operator==(const ParagraphWrite&) const = default;
};

// As the value of a cell of kind T in a commit. `writes` ascend by element, at least one.
std::string encode_paragraphs(std::span<const ParagraphWrite> writes);
// Corrupt for every other spelling.
Result<std::vector<ParagraphWrite>> decode_paragraphs(std::string_view value);
// Whether it is one of those rather than plain text, which has no zero byte.
bool is_paragraphs(const Value& value);

// One paragraph as shown: of several values that of the latest write.
struct Paragraph {
  std::int64_t number = 0;
  std::int64_t place = 0;
  std::string text;
  bool moved = false;     // its place is not its number
  bool conflict = false;  // there are other texts
};
// In the order in which they are read.
std::vector<Paragraph> paragraphs_of(const Row& row, std::uint32_t field);

// All of it, a line each.
std::string whole_text(const Row& row, std::uint32_t field);
// What the row's cell shows: as many whole paragraphs as fit into a cell; null when there is none.
Value shown_text(const Row& row, std::uint32_t field);

// The writes that make of the paragraphs of `row` the lines of `text` (empty: none; zero bytes are
// left out).
// Lines that stay as they are, in conflict or not, are not touched, a line that stands elsewhere
// is moved, and one that changed stays the same paragraph. The same text at the same spot gets
// the same number from everybody.
std::vector<ParagraphWrite> paragraph_changes(const Row& row, std::uint32_t field,
                                              std::string_view text);
// The writes that take `writes` back: what `row`, which is as it was before them, shows.
std::vector<ParagraphWrite> paragraphs_back(const Row& row, std::uint32_t field,
                                            std::span<const ParagraphWrite> writes);

}  // namespace banyan
