// Runs of seeds, in one process or in several.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/mutants.h"

namespace banyan::sim {

struct Options {
  std::uint64_t first = 1, last = 100;
  int steps = 400;
  MutantName mutant{""};
  std::string json, regressions;
  std::vector<int> only;
  bool shrink = false, mutants = false, trace = false, exhaustive = false, brief = false;
  int jobs = 1;
};

using Counts = std::map<std::string, std::uint64_t>;

struct Tally {
  std::uint64_t seeds = 0;
  Counts counts;
  std::map<std::uint64_t, std::string> failures;
};

// How a seed ended.
struct Ended {
  std::string failure;
  Counts counts;
};
// `trace`: says on standard error what each step did.
Ended run(std::uint64_t seed, const std::vector<int>& steps, Mutant mutant, bool trace = false);

std::vector<int> all_steps(int count);
// The steps without which the seed does not fail.
std::vector<int> shrink(std::uint64_t seed, std::vector<int> steps, Mutant mutant);

// Every `stride`-th seed from the `first`-th on. With a mistake switched on, until it is noticed.
Tally run_range(const Options& options, std::uint64_t first, std::uint64_t stride);
Tally run_jobs(const Options& options);

// Everything that fits into a small scope; prints what it tried, and "N passed, N failed".
// `brief`: over the whole stack only the kinds whose rules hold those of the others.
int run_exhaustive(int jobs, bool brief);

// What each of `jobs` processes said; a failure of seed 0 from one that died.
std::vector<std::string> in_processes(int jobs, const std::function<std::string(int)>& work);

}  // namespace banyan::sim
