#include "shared/changelog/paragraphs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "shared/base/bytes.h"
#include "shared/base/check.h"
#include "shared/changelog/limits.h"

namespace banyan {
namespace {

constexpr std::uint8_t kParagraphsVersion = 0;
constexpr std::int64_t kNumberEnd = std::int64_t{1} << 61;
constexpr std::int64_t kElementEnd = kNumberEnd << 1;

bool of_place(std::int64_t element) { return (element & 1) != 0; }
bool fits_element(std::int64_t element, const Value& value) {
  if (is_null(value)) return true;
  if (of_place(element)) {
    const auto* place = std::get_if<std::int64_t>(&value);
    return place != nullptr && *place > 0 && *place < kNumberEnd;
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && text->find('\n') == std::string::npos &&
         text->find('\0') == std::string::npos;
}

// Later writes come later.
std::pair<std::uint64_t, DeviceId> order_of(const Sibling& s) { return {s.hlc, s.dot.device}; }

}  // namespace

std::string encode_paragraphs(std::span<const ParagraphWrite> writes) {
  BANYAN_CHECK(!writes.empty());
  ByteWriter out;
  out.u8(kParagraphsVersion);
  out.varint(writes.size());
  std::int64_t before = 1;
  for (const ParagraphWrite& write : writes) {
    BANYAN_CHECK(write.element > before && write.element < kElementEnd);
    BANYAN_CHECK(fits_element(write.element, write.value));
    out.varint(static_cast<std::uint64_t>(write.element - before));
    before = write.element;
    if (of_place(write.element)) {
      out.varint(static_cast<std::uint64_t>(int_of(write.value)));
    } else {
      out.varint(is_null(write.value) ? 0 : text_of(write.value).size() + 1);
      out.raw(as_bytes(text_of(write.value)));
    }
  }
  return std::string(as_text(out.view()));
}

Result<std::vector<ParagraphWrite>> decode_paragraphs(std::string_view value) {
  ByteReader in(as_bytes(value));
  if (in.u8() != kParagraphsVersion) in.fail();
  const std::uint64_t count = in.varint();
  if (count == 0 || count > in.left() / 2) in.fail();
  std::vector<ParagraphWrite> writes;
  std::int64_t element = 1;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t step = in.varint();
    if (step == 0 || step >= static_cast<std::uint64_t>(kElementEnd - element)) in.fail();
    if (!in.ok()) break;
    element += static_cast<std::int64_t>(step);
    const std::uint64_t said = in.varint();
    ParagraphWrite write{element, {}};
    if (of_place(element)) {
      if (said >= static_cast<std::uint64_t>(kNumberEnd)) in.fail();
      if (said != 0) write.value = static_cast<std::int64_t>(said);
    } else if (said != 0) {
      if (said - 1 > in.left()) in.fail();
      if (in.ok()) {
        write.value = std::string(as_text(in.raw(static_cast<std::size_t>(said - 1))));
      }
    }
    if (!fits_element(element, write.value)) in.fail();
    writes.push_back(std::move(write));
  }
  TRY(in.finish("paragraphs"));
  return writes;
}

bool is_paragraphs(const Value& value) {
  const std::string& text = text_of(value);
  return !text.empty() && text.front() == '\0';
}

std::vector<Paragraph> paragraphs_of(const Row& row, std::uint32_t field) {
  std::vector<Paragraph> out;
  const Sibling* shown = nullptr;          // of the element at hand
  for (const Sibling& s : row.siblings) {  // a paragraph's texts, then its places
    if (s.field != field) continue;
    const bool more = shown != nullptr && shown->element == s.element;
    if (of_place(s.element)) {
      // A place of a paragraph that was cleared says nothing.
      const bool there = !out.empty() && place_element(out.back().number) == s.element;
      if (!there || (more && order_of(s) < order_of(*shown))) continue;
      out.back().place = int_of(s.value);
      out.back().moved = true;
    } else if (!more) {
      out.push_back({s.element >> 1, s.element >> 1, text_of(s.value), false, false});
    } else {
      if (s.value != shown->value) out.back().conflict = true;
      if (order_of(s) < order_of(*shown)) continue;
      out.back().text = text_of(s.value);
    }
    shown = &s;
  }
  std::sort(out.begin(), out.end(), [](const Paragraph& a, const Paragraph& b) {
    return std::pair(a.place, a.number) < std::pair(b.place, b.number);
  });
  return out;
}

std::string whole_text(const Row& row, std::uint32_t field) {
  std::string text;
  const std::vector<Paragraph> all = paragraphs_of(row, field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) text += '\n';
    text += all[i].text;
  }
  return text;
}

Value shown_text(const Row& row, std::uint32_t field) {
  const std::string text = whole_text(row, field);
  if (text.empty()) return {};
  if (text.size() <= kCellSizeMax) return text;
  const std::size_t end = text.rfind('\n', kCellSizeMax);
  return text.substr(0, end == std::string::npos ? 0 : end);
}

std::vector<ParagraphWrite> paragraphs_back(const Row& row, std::uint32_t field,
                                            std::span<const ParagraphWrite> writes) {
  std::map<std::int64_t, Value> was;
  for (const Paragraph& p : paragraphs_of(row, field)) {
    was[text_element(p.number)] = p.text;
    if (p.moved) was[place_element(p.number)] = p.place;
  }
  std::vector<ParagraphWrite> back;
  for (const ParagraphWrite& write : writes) {
    const auto found = was.find(write.element);
    back.push_back({write.element, found == was.end() ? Value{} : found->second});
  }
  return back;
}

}  // namespace banyan
