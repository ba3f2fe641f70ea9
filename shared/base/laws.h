// Laws of the engine that a test can break one at a time, to see that it would notice: the
// simulator builds the engine once more with BANYAN_BREAKABLE (tests/simulation/CMakeLists.txt).
// Everywhere else broken() is false while compiling, and costs nothing.
#pragma once

#include <cstdint>

namespace banyan {

enum class Law : std::uint8_t {
  None,
  // changelog/merge.cpp
  CausalOrder,    // what I saw never beats me: neither by its stamp nor by my clock
  Siblings,       // concurrent values of a guarded cell are kept
  SiblingsSeen,   // a write settles only the siblings that it saw
  SiblingsLife,   // an edit of an older life leaves the siblings of the newer one alone
  AddWins,        // a removal takes away only what it saw
  EveryAdd,       // each unseen reason why an element is in a set is kept
  Paragraphs,     // a write of a paragraph replaces only what it saw
  CausalLength,   // deleting and bringing back are ordered by life, not by stamp
  IdTaken,        // a row is created once
  FormerNumbers,  // a copy has seen what it wrote under its former number
  FoldBelow,      // a row is folded below the horizon, not above
  // sync
  RisingStamps,  // a device's stamps rise, clamped or not
  LateWrites,    // written before its author had seen that he lost the aggregate: taken
  Strangers,     // written after that: refused
  Rights,        // a role's rights bind
  Suspects,      // a clock that cannot be right is flagged
  ScopesEnd,     // an aggregate leaves a scope
  AccessEnds,    // a person loses a scope
  KnownCommits,  // what is in the log is not taken again
  AckByHash,     // an acknowledgement is compared by hash, not by number
  InPlace,       // a carried answer is for a device that stands where it was asked from
  // storage
  OneOrder,       // who appends looks where the log ends by now
  PruneWhenSafe,  // own commits stay until a backup has them
  PendingOver,    // own pending commits lie over what a page brings
  HorizonFloor,   // the horizon stays where some active tablet has yet to come
  UnknownCells,   // cells of fields that the catalogue does not know are kept
  SyncedDisk,     // what is said to be saved is on the disk
};

#ifdef BANYAN_BREAKABLE
extern Law broken_law;
inline bool broken(Law law) { return broken_law == law; }
#else
constexpr bool broken(Law) { return false; }
#endif

}  // namespace banyan
