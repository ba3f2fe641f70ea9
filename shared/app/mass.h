// One change of many customers: a tag on all of them, or off. Ordinary commits, one a customer, in
// portions; after each portion what is done and what waits is durable, so a closed app goes on or
// stops where it was. What this device remembers of it takes the whole of it back, as long as the
// customers are here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/app/session.h"

namespace banyan {

struct MassChange {
  RowId tag{};
  bool adds = true;  // false: takes it off
};

struct MassItem {
  std::int64_t id = 0;
  MassChange change;
  std::string tag;  // its name
  std::int64_t at_ms = 0;
  bool back = false;  // being taken back, or taken back
  // Customers. `waiting`: still to come, in the direction that `back` says.
  std::int64_t total = 0, waiting = 0, done = 0;
  std::int64_t same = 0;        // were so before: nothing to do
  std::int64_t barred = 0;      // not here any more, or not for this person to change
  std::int64_t stopped = 0;     // the person stopped before it was their turn
  std::int64_t taken_back = 0;  // as before again
  std::int64_t changed = 0;     // not taken back: somebody else has done so already
};

Status create_mass_tables(Database& db);

// Remembers what shall be done; nothing is done yet. Refused when this person may not change
// customers, Invalid without any.
Result<std::int64_t> begin_mass(Session& session, const MassChange& change,
                                std::span<const RowId> customers);
// The next portion, in one durable transaction. False: nothing waits any more.
Result<bool> step_mass(Session& session, std::int64_t id);
// What waits is left as it is.
Status stop_mass(Session& session, std::int64_t id);
// Everything that was done waits for being taken back. NotFound when there is nothing of it.
Status take_back_mass(Session& session, std::int64_t id);

Result<MassItem> read_mass(const Session& session, std::int64_t id);  // NotFound
// Of this device, newest first.
std::vector<MassItem> read_masses(const Session& session, std::size_t count_max);

}  // namespace banyan
