// One round of W1 to W6 under one setting, in a folder that goes afterwards.
#pragma once

#include "tests/bench/sync/setting.h"
#include "tests/bench/workload.h"

namespace banyan::bench {

struct Lists {
  std::vector<Customer> customers;
  std::vector<Edit> w2;
  std::vector<Customer> shared;  // of W5: the first of them
  std::vector<Edit> a, b;
};
Lists make_lists(std::uint32_t customers);

// Created, edited, shipped, merged into an empty replica, and nothing new: W1 to W4, W6.
void run_one_way(Report& report, const Options& options, const Setting& setting,
                 const Lists& lists);
// Two replicas edit the same customers offline and exchange: W5.
void run_both_ways(Report& report, const Options& options, const Setting& setting,
                   const Lists& lists);

}  // namespace banyan::bench
