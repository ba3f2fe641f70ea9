// Control totals: the figures that must agree before a row is written.
//
// Two independent checks. (1) The chain of balances: within an account every
// movement starts at the balance at which the one before it ended, so that
// opening + in - out = closing. (2) A control file from the delivering system:
// rows and sums for each file. Either one that disagrees stops the load.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "shared/base/result.h"
#include "sync-server/import/import.h"

namespace banyan {

// A movement on an account as a source reports it.
struct Movement {
  std::int64_t account = 0, day = 0;
  std::int64_t signed_minor = 0;   // in positive, out negative
  std::int64_t balance_minor = 0;  // after it
  std::int64_t slack_minor = 0;    // how far the source's rounding may put a step from or to it off
};

// Lines that were rejected, so that a chain of balances may be broken where
// they are missing.
struct Spoilt {
  std::vector<std::int64_t> accounts;
  std::size_t lines_anywhere = 0;  // of which not even the account could be read
};

// Puts `order` (places in `movements`) into account, day and chain order, and
// counts accounts and totals into `report`. Within a day the source's own order
// need not be the order in which things happened, so the chain is searched for:
// rows of one day are few. An account whose chain breaks is a mismatch,
// unless a spoilt line explains it: then it counts as unchecked.
void reconcile(std::span<const Movement> movements, const Spoilt& spoilt,
               std::vector<std::uint32_t>& order, ImportReport& report);

// Compares `report.files` with a control file: semicolons, header
// "file;rows;in;out", empty figures are not compared. Invalid: it cannot be read.
Status compare_control_file(const std::filesystem::path& path, ImportReport& report);

}  // namespace banyan
