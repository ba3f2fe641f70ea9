#include "shared/changelog/paragraphs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "shared/changelog/codec.h"
#include "shared/changelog/fold.h"
#include "shared/changelog/limits.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page_row.h"
#include "tests/unit/golden.h"
#include "tests/unit/shared/changelog/samples.h"

using namespace banyan;
using namespace banyan::test;

namespace {

const RowId kTold{77};
constexpr DeviceId kAnna{10}, kBo{11}, kChen{12};

// A server's row; people edit from what they saw at a sequence.
class Story {
 public:
  Story() { add(kAnna, 0, {kCustomer, Op::Insert, kTold, 1, {{kName, std::string("n"), {}}}}); }

  std::uint64_t seq() const { return seq_; }
  const Row& at(std::uint64_t seen) const { return past_[static_cast<std::size_t>(seen)]; }
  const Row& row() const { return past_.back(); }
  std::string text() const { return whole_text(row(), kStory); }
  bool conflict() const { return in_conflict(row(), kStory); }

  // Of `seen` they make `text`. What the merge says of it.
  Outcome write(DeviceId device, std::uint64_t seen, const std::string& text) {
    return put(device, seen, paragraph_changes(at(seen), kStory, text));
  }
  Outcome put(DeviceId device, std::uint64_t seen, const std::vector<ParagraphWrite>& writes) {
    if (writes.empty()) return Outcome::Ok;
    return add(device, seen,
               {kCustomer, Op::Update, kTold, 1, {{kStory, encode_paragraphs(writes), {}}}});
  }

 private:
  Outcome add(DeviceId device, std::uint64_t seen, const RowWrite& write) {
    Row row = past_.back();
    std::vector<OpOutcome> outcomes;
    WriteContext context{device, ++seq_, seen, 100 + seq_};
    merge(customer(), kTold, write, context, row, outcomes);
    past_.push_back(std::move(row));
    return outcomes.empty() ? Outcome::Ok : outcomes.front().outcome;
  }

  std::vector<Row> past_{Row{}};  // by sequence
  std::uint64_t seq_ = 0;
};

std::string random_text(Random& random, std::size_t lines_max) {
  static const char* const kLines[] = {
      "",      "roof",         "roof leaks",      "roof leaks badly",
      "屋顶",  "屋顶漏水",     "asks for a loan", "pays back",
      "a son", "a son in town"};
  std::string text;
  for (std::uint64_t i = 0, n = random.below(lines_max); i < n; ++i) {
    if (i > 0) text += '\n';
    text += kLines[random.below(std::size(kLines))];
  }
  return text;
}

}  // namespace

TEST_CASE("whatever the text was, its changes make of it what was typed") {
  SeededRandom random(5);
  for (int run = 0; run < 300; ++run) {
    CAPTURE(run);
    Story story;
    for (int step = 0; step < 8; ++step) {
      const std::string next = random_text(random, 12);
      const Row before = story.row();
      const auto writes = paragraph_changes(before, kStory, next);
      CHECK(story.put(kAnna, story.seq(), writes) == Outcome::Ok);
      REQUIRE(story.text() == next);
      CHECK(text_of(story.row().cell(kStory)) == next);
      CHECK(paragraph_changes(story.row(), kStory, next).empty());
      if (writes.empty()) continue;
      // And back.
      REQUIRE(story.put(kAnna, story.seq(), paragraphs_back(before, kStory, writes)) ==
              Outcome::Ok);
      REQUIRE(story.text() == whole_text(before, kStory));
      REQUIRE(story.write(kAnna, story.seq(), next) == Outcome::Ok);
      REQUIRE(story.text() == next);
    }
  }
}

TEST_CASE("two people edit different paragraphs, and both edits stand") {
  Story story;
  story.write(kAnna, 1, "the farm\nthe loan\nthe son");
  const std::uint64_t seen = story.seq();
  CHECK(story.write(kBo, seen, "the farm grows\nthe loan\nthe son") == Outcome::Ok);
  CHECK(story.write(kChen, seen, "the farm\nthe loan\nthe son\nthe dog") == Outcome::Ok);
  CHECK(story.write(kAnna, seen, "the farm\nthe son") == Outcome::Ok);
  CHECK(story.text() == "the farm grows\nthe son\nthe dog");
  CHECK_FALSE(story.conflict());
}

TEST_CASE("two people edit one paragraph: both stay until one who saw both writes it [I8]") {
  Story story;
  story.write(kAnna, 1, "the farm\nthe loan");
  const std::uint64_t seen = story.seq();
  story.write(kBo, seen, "the farm\nthe loan of 2024");
  const std::uint64_t one = story.seq();
  CHECK(story.write(kChen, seen, "the farm\nthe loan of May") == Outcome::Sibling);
  CHECK(story.conflict());
  CHECK(story.text() == "the farm\nthe loan of May");
  // Who saw only one of them settles nothing, and who writes elsewhere does not either.
  CHECK(story.write(kAnna, one, "the farm\nthe loan of 2024!") == Outcome::Sibling);
  CHECK(story.write(kBo, story.seq(), "the big farm\nthe loan of 2024!") == Outcome::Sibling);
  CHECK(story.conflict());
  const auto all = paragraphs_of(story.row(), kStory);
  REQUIRE(all.size() == 2);
  CHECK_FALSE(all[0].conflict);
  CHECK(all[1].conflict);
  // Choosing what is shown already is a decision, too.
  CHECK(story.put(kAnna, story.seq(), {{text_element(all[1].number), all[1].text}}) == Outcome::Ok);
  CHECK_FALSE(story.conflict());
  CHECK(story.text() == "the big farm\nthe loan of 2024!");
}

TEST_CASE("a paragraph stays itself when it is moved, split and when others come and go") {
  Story story;
  story.write(kAnna, 1, "one\ntwo paragraphs of the text\nthree\nfour");
  const std::uint64_t seen = story.seq();
  // Bo moves the second one to the end and splits it, and puts one before; Chen edits it.
  story.write(kBo, seen, "zero\none\nthree\nfour\ntwo paragraphs of the text");
  story.write(kBo, story.seq(), "zero\none\nthree\nfour\ntwo paragraphs of\nthe text");
  story.write(kChen, seen, "one\ntwo paragraphs of the text\nthree and more\nfour");
  CHECK(story.text() == "zero\none\nthree and more\nfour\ntwo paragraphs of\nthe text");
  CHECK_FALSE(story.conflict());
  CHECK(story.write(kAnna, seen, "one\ntwo paragraphs of my text\nthree\nfour") ==
        Outcome::Sibling);
  CHECK(story.text() == "zero\none\nthree and more\nfour\ntwo paragraphs of my text\nthe text");
}

TEST_CASE("of two moves of a paragraph the later one counts, and nobody is asked") {
  Story story;
  story.write(kAnna, 1, "one\ntwo\nthree\nfour");
  const std::uint64_t seen = story.seq();
  story.write(kBo, seen, "two\nthree\nfour\none");
  story.write(kChen, seen, "two\none\nthree\nfour");
  CHECK(story.text() == "two\none\nthree\nfour");
  CHECK_FALSE(story.conflict());
}

TEST_CASE("an edit that had not seen the clearing brings its paragraph back") {
  for (const bool edit_first : {false, true}) {
    CAPTURE(edit_first);
    Story story;
    story.write(kAnna, 1, "one\ntwo\nthree");
    const std::uint64_t seen = story.seq();
    if (edit_first) story.write(kChen, seen, "one\ntwo, and more\nthree");
    story.write(kBo, seen, "one\nthree");
    if (!edit_first) story.write(kChen, seen, "one\ntwo, and more\nthree");
    CHECK(story.text() == "one\ntwo, and more\nthree");
    // A clearing that saw all leaves nothing.
    story.write(kBo, story.seq(), "");
    CHECK(story.row().siblings.empty());
    CHECK(is_null(story.row().cell(kStory)));
  }
}

TEST_CASE("a place without its paragraph is told nobody, and goes with the next write") {
  Story story;
  story.write(kAnna, 1, "one\ntwo\nthree");
  const std::uint64_t seen = story.seq();
  story.write(kBo, seen, "one\nthree");
  story.write(kChen, seen, "two\none\nthree");  // a move of one or two
  story.write(kBo, story.seq(), "");
  story.write(kBo, story.seq(), "new");
  CHECK(story.text() == "new");
  CHECK(story.row().siblings.size() == 1);
}

TEST_CASE("lines that two people insert at one spot do not interleave") {
  SeededRandom random(9);
  for (int run = 0; run < 300; ++run) {
    CAPTURE(run);
    Story story;
    const bool empty = run % 3 == 0;
    if (!empty) story.write(kAnna, 1, run % 3 == 1 ? "first\nlast" : "first");
    const std::string mark = std::to_string(random.below(1'000'000));
    std::string a, b;
    for (int i = 0; i < 6; ++i) {
      a += (i > 0 ? "\na" : "a") + mark + std::to_string(i);
      b += (i > 0 ? "\nb" : "b") + mark + std::to_string(i);
    }
    const std::uint64_t seen = story.seq();
    const auto text = [&](const std::string& mine) {
      if (empty) return mine;
      return run % 3 == 1 ? "first\n" + mine + "\nlast" : "first\n" + mine;
    };
    story.write(kBo, seen, text(a));
    story.write(kChen, seen, text(b));
    CHECK((story.text() == text(a + "\n" + b) || story.text() == text(b + "\n" + a)));
  }
}

TEST_CASE("two people who insert the same lines at one spot have inserted them once") {
  Story story;
  story.write(kAnna, 1, "one\ntwo");
  const std::uint64_t seen = story.seq();
  story.write(kBo, seen, "one\nsame\nlines\ntwo");
  story.write(kChen, seen, "one\nsame\nlines\ntwo");
  CHECK(story.text() == "one\nsame\nlines\ntwo");
  CHECK_FALSE(story.conflict());
}

TEST_CASE("there is always room between two paragraphs, and nobody loses his identity for it") {
  Story story;
  story.write(kAnna, 1, "first\nlast");
  const std::int64_t last = paragraphs_of(story.row(), kStory)[1].number;
  std::string between;
  for (int i = 0; i < 400; ++i) {
    CAPTURE(i);
    between = "line " + std::to_string(i) + "\n" + between;
    REQUIRE(story.write(kAnna, story.seq(), "first\n" + between + "last") == Outcome::Ok);
    REQUIRE(story.text() == "first\n" + between + "last");
  }
  const auto all = paragraphs_of(story.row(), kStory);
  CHECK(all.back().number == last);
  CHECK(all.front().place < all.back().place);
}

TEST_CASE("many who write much at once fill a text: the last one is told, and nothing changes") {
  Story story;
  const std::string page(30'000, 'x');
  std::uint32_t device = 20;
  Outcome outcome = Outcome::Ok;
  for (; outcome == Outcome::Ok && device < 40; ++device) {
    outcome = story.write(DeviceId{device}, 1, std::to_string(device) + page);
  }
  CHECK(outcome == Outcome::Full);
  CHECK(device == 25);
  CHECK(story.at(story.seq()) == story.at(story.seq() - 1));
  // The cell shows whole paragraphs; the form and the next write have them all.
  CHECK(text_of(story.row().cell(kStory)).size() <= kCellSizeMax);
  CHECK(story.text().size() > 4 * page.size());
  CHECK(story.write(kAnna, story.seq(), "short") == Outcome::Ok);
  CHECK(story.text() == "short");
}

TEST_CASE("a cell of kind T that says something else is refused") {
  Story story;
  story.write(kAnna, 1, "one");
  const std::string good = encode_paragraphs(std::vector<ParagraphWrite>{{2, std::string("a")}});
  const auto outcome = [&](Value value) {
    Row row = story.row();
    std::vector<OpOutcome> outcomes;
    WriteContext context{kBo, 9, 8, 900};
    merge(customer(), kTold, {kCustomer, Op::Update, kTold, 1, {{kStory, std::move(value), {}}}},
          context, row, outcomes);
    return outcomes.empty() ? Outcome::Ok : outcomes.front().outcome;
  };
  CHECK(outcome(good) == Outcome::Ok);
  CHECK(outcome({}) == Outcome::Malformed);
  CHECK(outcome(std::string("plain")) == Outcome::Malformed);
  CHECK(outcome(std::int64_t{5}) == Outcome::Malformed);
  CHECK(outcome(good + "x") == Outcome::Malformed);
  CHECK(outcome(good.substr(0, good.size() - 1)) == Outcome::Malformed);
}

TEST_CASE("writes of paragraphs have one spelling, and another is refused") {
  const std::vector<ParagraphWrite> writes{{text_element(1), std::string("a")},
                                           {place_element(1), std::int64_t{7}},
                                           {text_element(9), std::string()},
                                           {place_element(9), {}},
                                           {text_element(1LL << 60), {}}};
  const std::string bytes = encode_paragraphs(writes);
  check_golden("paragraphs", as_bytes(bytes));
  ByteWriter seed;
  seed.u16(static_cast<std::uint16_t>(bytes.size()));
  seed.raw(as_bytes(bytes));
  seed.raw(as_bytes("a\nb\nthe end"));
  check_seed("paragraphs/golden", seed.view());
  CHECK(decode_paragraphs(bytes).value() == writes);
  CHECK(is_paragraphs(bytes));
  const auto refused = [](std::vector<std::uint8_t> of) {
    return !decode_paragraphs(as_text(ByteView(of))).ok();
  };
  CHECK_FALSE(refused({0, 1, 1, 2, 'a'}));
  CHECK(refused({}));
  CHECK(refused({0, 0}));                                                 // says nothing
  CHECK(refused({1, 1, 1, 2, 'a'}));                                      // of a later version
  CHECK(refused({0, 1, 1, 2, '\n'}));                                     // two lines
  CHECK(refused({0, 1, 1, 2, 0}));                                        // a zero byte
  CHECK(refused({0, 1, 1, 9, 'a'}));                                      // longer than there is
  CHECK(refused({0, 2, 1, 2, 'a', 0, 2, 'b'}));                           // twice the same
  CHECK(refused({0, 200, 1, 1, 2, 'a'}));                                 // more than there is
  CHECK(refused({0, 1, 2, 255, 255, 255, 255, 255, 255, 255, 255, 63}));  // too far away
}

TEST_CASE("folding and a page leave a text as it is [I17]") {
  Story story;
  story.write(kAnna, 1, "one\ntwo");
  const std::uint64_t seen = story.seq();
  story.write(kBo, seen, "one\ntwo b");
  story.write(kChen, seen, "one\ntwo c\nthree");
  const std::uint64_t base = story.seq();
  story.write(kBo, story.seq(), "two\none");
  Row folded = story.at(base);
  CHECK(fold(customer(), base, folded));
  CHECK(folded.siblings == story.at(base).siblings);
  CHECK(paragraph_changes(folded, kStory, "x\ny") ==
        paragraph_changes(story.at(base), kStory, "x\ny"));
  Row device = story.at(base);
  REQUIRE(apply_change(changes_since(story.row(), base), device).ok());
  CHECK(device == story.row());
  ByteWriter bytes;
  encode_row(story.row(), bytes);
  CHECK(decode_row(bytes.view()).value() == story.row());
}
