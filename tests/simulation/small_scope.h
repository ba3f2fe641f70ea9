// Everything that three devices can do with two cells in three or four commits, and what must
// come of it: the oracle knows which commits somebody has and what each had seen, and no order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/changelog/row.h"
#include "tests/simulation/bank.h"

namespace banyan::sim::small {

// What is written. Each kind has two operations, on two cells or on one in two ways.
enum class Kind { Register, Guarded, Counter, Fact, Set, Text, Life, GuardedLife };
inline constexpr std::array kKinds{Kind::Register, Kind::Guarded, Kind::Counter, Kind::Fact,
                                   Kind::Set,      Kind::Text,    Kind::Life,    Kind::GuardedLife};
const char* name_of(Kind kind);
inline constexpr int kOps = 2;
inline constexpr std::size_t kDevices = 3;

// One commit of one operation.
struct Wrote {
  std::uint8_t device = 0;
  std::uint8_t op = 0;
  std::uint8_t seen = 0;   // commits of the log, from its first, that its author had seen
  std::uint8_t life = 1;   // of the row: what he had, one more when he deletes or brings back
  std::uint8_t stamp = 0;  // later is larger
};

// The rows that are written: a customer, a child of it, and facts with numbers of their own.
struct Ground {
  RowId customer{}, contact{};
};
RowId fact_id(std::size_t write);  // and that of a row that operation 1 of Fact creates

// Operation `op` as the `index`-th write of all. Values name their write.
RowWrite row_write_of(Kind kind, const Wrote& wrote, std::size_t index, const Ground& ground);

class Oracle {
 public:
  // `writes` in the order in which they were made; `log`: those that the server has, in its order.
  Oracle(Kind kind, const std::vector<Wrote>& writes, const std::vector<std::uint8_t>& log);

  // The life of the row that `device` sees, which has what is in the log up to `base` and its own.
  std::uint8_t life(std::uint8_t device, std::uint8_t base) const;
  bool has(std::uint8_t device, std::uint8_t base, std::size_t write) const;

  // The rows of whoever has exactly `known`: the first thing that is wrong with them, or "".
  // `stamped`: whoever saw a write has a larger stamp; else only what was seen must lose.
  std::string check(const std::vector<bool>& known, const Row& customer, const Row& contact,
                    const std::vector<bool>& facts, bool stamped) const;

 private:
  bool saw(std::size_t later, std::size_t earlier) const;
  std::string check_shown(const std::vector<std::size_t>& cell, const Row& row, std::uint32_t field,
                          bool stamped) const;
  std::string check_siblings(const std::vector<std::size_t>& cell, const Row& row) const;
  std::string check_text(const std::vector<std::size_t>& cell, const Row& row) const;
  std::string check_element(const std::vector<std::size_t>& cell, const Row& row) const;

  Kind kind_;
  const std::vector<Wrote>& writes_;
  std::vector<std::uint8_t> place_;  // of a write in the log, from 1; 0: not there yet
};

// The merge alone: every log of up to four commits by three devices, whatever each had seen, and
// every order of stamps. The number of histories; the first failure in `failure`.
std::uint64_t run_histories(Kind kind, std::string& failure);

struct Explored {
  std::uint64_t states = 0, steps = 0;
  std::string failure;
};
// The whole stack: every interleaving of writes, pushes and pulls of up to `commits` commits, with
// `ops` of the operations.
Explored explore(Kind kind, int ops, std::size_t commits);

}  // namespace banyan::sim::small
