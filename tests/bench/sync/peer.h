// The same steps as a program of the peers' run: one scenario, one JSON message a line.
#pragma once

#include "tests/bench/sync/setting.h"

namespace banyan::bench {

// `scenario`: tx1, tx100 or w5. `scale` multiplies the workload's sizes. The exit status.
int run_as_peer(const std::string& scenario, double scale, const Setting& setting);

}  // namespace banyan::bench
