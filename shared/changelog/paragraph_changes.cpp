// From one text to the next: which paragraph is which, and where new ones go.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "shared/base/bytes.h"
#include "shared/changelog/paragraphs.h"
#include "shared/crypto/hash.h"

namespace banyan {
namespace {

constexpr std::int64_t kPlaceEnd = std::int64_t{1} << 61;
constexpr std::int64_t kWindow = std::int64_t{1} << 52;    // in which new lines find their start
constexpr std::int64_t kLineStep = std::int64_t{1} << 36;  // between lines inserted together
constexpr std::int64_t kRoomFactor = 2048;  // such a run takes at most so small a part of it
constexpr std::size_t kPairsMax = 1 << 18;  // of lines that are compared
constexpr std::uint32_t kSame = 1000;       // more than any likeness
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  if (text.empty()) return lines;
  while (true) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// How much of the longer line is in both at its ends, in thousandths; 0 when less than half.
std::uint32_t likeness(std::string_view a, std::string_view b) {
  if (a == b) return kSame;
  if (a.size() > b.size()) std::swap(a, b);
  std::size_t head = 0, tail = 0;
  while (head < a.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t both = head + tail;
  return both * 2 < b.size() ? 0 : static_cast<std::uint32_t>(both * (kSame - 1) / b.size());
}

// For each new line the old paragraph that it continues, or kNone.
class Matching {
 public:
  Matching(const std::vector<Paragraph>& before, const std::vector<std::string_view>& now)
      : before_(before), now_(now), match_(now.size(), kNone) {}

  std::vector<std::size_t> run() {
    std::size_t first = 0, b = before_.size(), n = now_.size();
    for (; first < std::min(b, n) && before_[first].text == now_[first]; ++first) {
      match(first, first);
    }
    for (; b > first && n > first && before_[b - 1].text == now_[n - 1]; --b, --n) {
      match(b - 1, n - 1);
    }
    align(first, b, n);
    find_moved();
    fill_gaps();
    return std::move(match_);
  }

 private:
  void match(std::size_t b, std::size_t n) {
    match_[n] = b;
    taken_.insert(b);
  }

  // The alignment of what is left in the middle with the greatest likeness.
  void align(std::size_t first, std::size_t b_end, std::size_t n_end) {
    const std::size_t rows = b_end - first, columns = n_end - first;
    if (rows == 0 || columns == 0 || rows > kPairsMax / columns) return;
    std::vector<std::uint32_t> alike(rows * columns), best((rows + 1) * (columns + 1), 0);
    const auto like = [&](std::size_t r, std::size_t c) { return alike[r * columns + c]; };
    const auto at = [&](std::size_t r, std::size_t c) -> std::uint32_t& {
      return best[r * (columns + 1) + c];
    };
    for (std::size_t r = rows; r-- > 0;) {
      for (std::size_t c = columns; c-- > 0;) {
        alike[r * columns + c] = likeness(before_[first + r].text, now_[first + c]);
        at(r, c) = std::max({at(r + 1, c), at(r, c + 1), at(r + 1, c + 1) + like(r, c)});
      }
    }
    for (std::size_t r = 0, c = 0; r < rows && c < columns;) {
      if (like(r, c) != 0 && at(r, c) == at(r + 1, c + 1) + like(r, c)) {
        match(first + r++, first + c++);
      } else if (at(r, c) == at(r + 1, c)) {
        ++r;
      } else {
        ++c;
      }
    }
  }

  // A line that was there and now stands elsewhere.
  void find_moved() {
    std::multimap<std::string_view, std::size_t> left;
    for (std::size_t b = 0; b < before_.size(); ++b) {
      if (!taken_.contains(b) && !before_[b].text.empty()) left.emplace(before_[b].text, b);
    }
    for (std::size_t n = 0; n < now_.size(); ++n) {
      if (match_[n] != kNone) continue;
      const auto found = left.find(now_[n]);
      if (found == left.end()) continue;
      match(found->second, n);
      left.erase(found);
    }
  }

  // Between two lines that stay, what is new takes the place of what is gone.
  void fill_gaps() {
    std::size_t b = 0;
    for (std::size_t n = 0; n < now_.size(); ++n) {
      if (match_[n] != kNone) {
        if (match_[n] >= b) b = match_[n] + 1;
      } else if (b < before_.size() && !taken_.contains(b)) {
        match(b++, n);
      }
    }
  }

  const std::vector<Paragraph>& before_;
  const std::vector<std::string_view>& now_;
  std::vector<std::size_t> match_;
  std::set<std::size_t> taken_;
};

// One line of the new text.
struct Line {
  std::string_view text;
  const Paragraph* old = nullptr;  // null: a new one
  std::int64_t place = 0;          // 0: to be found
};

// A number below `below` that follows from what is written where.
std::int64_t drawn(RowId row, std::int64_t left, std::string_view text, std::int64_t below) {
  if (below <= 1) return 0;
  ByteWriter bytes;
  bytes.u64(static_cast<std::uint64_t>(number(row)));
  bytes.u64(static_cast<std::uint64_t>(left));
  bytes.raw(as_bytes(text));
  const Hash256 hash = hash256(bytes.view());
  return static_cast<std::int64_t>(ByteReader(hash.view()).u64() %
                                   static_cast<std::uint64_t>(below));
}

class Layout {
 public:
  Layout(RowId row, const std::vector<Paragraph>& before, std::vector<Line>& lines)
      : row_(row), lines_(lines) {
    for (const Paragraph& p : before) numbers_.insert(p.number);
  }

  void run() {
    keep_places();
    for (std::size_t i = 0; i < lines_.size();) {
      if (lines_[i].place != 0) {
        ++i;
        continue;
      }
      std::size_t end = i;
      while (end < lines_.size() && lines_[end].place == 0) ++end;
      if (!place_run(i, end)) return lay_out_anew();
      i = end;
    }
  }

 private:
  // The longest series of old lines that still stand in their order stays where it is.
  void keep_places() {
    std::vector<std::size_t> length(lines_.size(), 0), back(lines_.size(), kNone);
    std::size_t last = kNone;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].old == nullptr) continue;
      length[i] = 1;
      for (std::size_t j = 0; j < i; ++j) {
        const bool before = lines_[j].old != nullptr && lines_[j].old->place < lines_[i].old->place;
        if (before && length[j] + 1 > length[i]) {
          length[i] = length[j] + 1;
          back[i] = j;
        }
      }
      if (last == kNone || length[i] > length[last]) last = i;
    }
    for (; last != kNone; last = back[last]) lines_[last].place = lines_[last].old->place;
  }

  bool place_run(std::size_t first, std::size_t end) {
    const bool begins = first == 0, ends = end == lines_.size();
    const std::int64_t left = begins ? 0 : lines_[first - 1].place;
    const std::int64_t right = ends ? kPlaceEnd : lines_[end].place;
    const std::int64_t room = right - left - 1;
    const std::int64_t window = std::min(room, kWindow);
    const auto count = static_cast<std::int64_t>(end - first) + 1;
    const std::int64_t step = std::min(kLineStep, window / (kRoomFactor * count));
    if (step < 1) return false;
    // An empty text begins in the middle; lines before the first one go close to it.
    std::int64_t from = left;
    if (begins) from = ends ? kPlaceEnd / 2 : right - 1 - window;
    std::int64_t place = from + 1 + drawn(row_, from, lines_[first].text, window - step * count);
    for (std::size_t i = first; i < end; ++i, place += step) {
      if (!take(lines_[i], place, place + step)) return false;
    }
    return true;
  }

  // A number that was given before is not given again.
  bool take(Line& line, std::int64_t place, std::int64_t end) {
    if (line.old == nullptr) {
      while (place < end && !numbers_.insert(place).second) ++place;
    }
    line.place = place;
    return place < end;
  }

  void lay_out_anew() {
    const std::int64_t step = kPlaceEnd / static_cast<std::int64_t>(lines_.size() + 1);
    std::int64_t place = 0;
    for (Line& line : lines_) static_cast<void>(take(line, place += step, kPlaceEnd));
  }

  RowId row_;
  std::vector<Line>& lines_;
  std::set<std::int64_t> numbers_;
};

}  // namespace

std::vector<ParagraphWrite> paragraph_changes(const Row& row, std::uint32_t field,
                                              std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    std::string clean(text);
    std::erase(clean, '\0');
    return paragraph_changes(row, field, clean);
  }
  const std::vector<Paragraph> before = paragraphs_of(row, field);
  const std::vector<std::string_view> now = lines_of(text);
  const std::vector<std::size_t> match = Matching(before, now).run();
  std::vector<Line> lines;
  std::set<std::int64_t> gone;
  for (const Paragraph& p : before) gone.insert(p.number);
  for (std::size_t n = 0; n < now.size(); ++n) {
    lines.push_back({now[n], match[n] == kNone ? nullptr : &before[match[n]], 0});
    if (lines.back().old != nullptr) gone.erase(lines.back().old->number);
  }
  Layout(row.id, before, lines).run();

  std::map<std::int64_t, Value> out;
  for (const std::int64_t paragraph : gone) out[text_element(paragraph)] = {};
  for (const Line& line : lines) {
    const std::int64_t paragraph = line.old == nullptr ? line.place : line.old->number;
    const bool same = line.old != nullptr && line.old->text == line.text;
    if (!same) out[text_element(paragraph)] = std::string(line.text);
    if (line.old != nullptr && line.place != line.old->place) {
      out[place_element(paragraph)] = line.place;
    }
  }
  if (out.empty()) return {};
  // Places of paragraphs that are not there go with whatever is written next.
  std::set<std::int64_t> there;
  for (const Paragraph& p : before) {
    if (!gone.contains(p.number)) there.insert(place_element(p.number));
  }
  for (const Sibling& s : row.siblings) {
    const bool place = s.field == field && (s.element & 1) != 0;
    if (place && !there.contains(s.element)) out[s.element] = {};
  }
  std::vector<ParagraphWrite> writes;
  writes.reserve(out.size());
  for (auto& [element, value] : out) writes.push_back({element, std::move(value)});
  return writes;
}

}  // namespace banyan
