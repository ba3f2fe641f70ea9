// What bench-app measures, each on a tablet that it is given.
#pragma once

#include <string>

#include "tests/bench/app/plain_copy.h"
#include "tests/bench/app/tablet.h"

namespace banyan::bench {

// The first sync of a new tablet in `folder`, beside inserting the same rows plainly
// into `floor` (null: without the floor). `customers`: what must have arrived.
std::unique_ptr<Tablet> measure_arrival(Report& report, const std::string& section,
                                        const std::string& folder, County& county,
                                        const DemoLogin& login, std::uint64_t customers,
                                        PlainCopy* floor);

// One-field writes one by one, and a page of a colleague's changes. `floor` holds the same rows.
void measure_daily(Report& report, const std::string& section, Tablet& tablet, County& county,
                   PlainCopy& floor);

// As you type, by every way of asking.
void measure_search(Report& report, const std::string& section, Session& session);

// In a process of its own (`self` called with these arguments): unlock, open, first
// screens, memory.
void measure_start(Report& report, const std::string& section, const std::string& self,
                   const std::string& folder);
int start_here(const std::string& folder);

}  // namespace banyan::bench
