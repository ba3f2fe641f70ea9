// First rounds, kept packed. On the day that a branch gets its tablets, or comes back from a lost
// server, many ask for the same rows: whoever has the scopes and the role of one who has been here
// is given the same pages, without a look at the tables, signed for him.
//
// What is kept is a round that began at one place of the log (feed.h); what changed since has a
// later place and is read from the tables as ever. The caller sees to it that nothing has left
// the reader's scopes since the round began.
//
// Instead of a file for each scope: a tablet in several scopes is sent each aggregate once, with
// the union of its masks, and what it has of a round is its cursor, whatever breaks in between.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "shared/changelog/page.h"
#include "shared/sync/feed.h"

namespace banyan::sync {

class KeptPages {
 public:
  // Readers for whom every page is the same.
  struct View {
    ScopeHash scopes;
    std::string role;
    std::uint32_t epoch = 0;
    std::uint32_t catalogue = 0;
    std::uint64_t horizon = 0;
    bool operator==(const View&) const = default;
  };
  struct Kept {
    std::shared_ptr<const PageBody> body;
    std::uint64_t sub = 0;   // of the cursor after it
    std::uint64_t left = 0;  // PageNote
    PageBounds bounds;       // for which it was made
  };

  // Rounds that were not asked for longest go when they are larger than that together.
  explicit KeptPages(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Where the log stood when the kept round of these readers began; 0: there is none.
  std::uint64_t start(const View& view);
  // The page after place `sub` - 1, 0 for the first, of the round that began at `start`; null when
  // it is not kept, or larger than is wanted. Valid until the next put().
  const Kept* find(const View& view, std::uint64_t start, std::uint64_t sub,
                   const PageBounds& wanted);
  // The first page of a later round forgets the round before.
  void put(const View& view, std::uint64_t start, std::uint64_t sub, Kept page);

  std::size_t bytes() const { return bytes_; }

 private:
  struct Round {
    View view;
    std::uint64_t start = 0;
    std::map<std::uint64_t, Kept> pages;
    std::size_t bytes = 0;
  };
  using Rounds = std::list<Round>;
  Rounds::iterator round_of(const View& view);

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  Rounds rounds_;  // asked for last, first
};

}  // namespace banyan::sync
