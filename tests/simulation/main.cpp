// simulate --seeds A..B [--steps N] [--mutant NAME] [--list-mutants] [--json FILE]
//          [--only N,N,...] [--shrink] [--jobs N] [--regressions FILE] [--mutants] [--trace]
//          [--exhaustive [--brief]]
//
// Prints how often each event happened that a run of many seeds must have met; all counts go to
// the JSON file. A failing seed is printed with the command that replays it. With --mutant it
// succeeds when the mutant was caught, with --mutants when all were.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "shared/base/json.h"
#include "shared/crypto/init.h"
#include "tests/simulation/runs.h"

namespace banyan::sim {
namespace {

std::string command(std::uint64_t seed, const Options& options, const std::vector<int>& only) {
  std::string text = std::string("build/bin/simulate") +
                     (options.mutant.law != Law::None ? "-mutants" : "") + " --seeds " +
                     std::to_string(seed) + ".." + std::to_string(seed) + " --steps " +
                     std::to_string(options.steps);
  if (!options.mutant.name.empty()) text += " --mutant " + std::string(options.mutant.name);
  if (!only.empty()) {
    text += " --only ";
    for (std::size_t i = 0; i < only.size(); ++i) {
      text += (i == 0 ? "" : ",") + std::to_string(only[i]);
    }
  }
  return text;
}

// ---- the summary

// So many have met everything, whatever the luck of a few.
constexpr std::uint64_t kManySeeds = 1000;

// What a run of many seeds must have met; a zero says that the simulator has gone blind there.
constexpr const char* kMustHappen =
    "commits, rounds, pages, partial pages, kept pages, FULL, DROP, INC, resets, restores, "
    "backups, moves, "
    "staff moves, revocations, regains, devices retired, imports, new aggregates, facts, deletes, "
    "undeletes, deltas, texts written, paragraphs twice, siblings, writes lost, late writes, no "
    "access, ops rejected, parked, "
    "requests dropped, requests doubled, replies doubled, replies lost, stale replies, "
    "late deliveries, restarts, crashes, server crashes, clock jumps, tails lost, tails adopted, "
    "catalogue changes, copies, forks, parcels packed, parcels handed in, parcels doubled, "
    "answers taken, answers known, answers ahead, turns of processes, devices in step, horizon "
    "moves, rows folded, let in";

std::vector<std::string> must_happen() {
  std::vector<std::string> all;
  std::istringstream names(kMustHappen);
  for (std::string name; std::getline(names >> std::ws, name, ',');) all.push_back(name);
  return all;
}

std::string json_of(const Options& options, const Tally& tally) {
  Json failures = Json::array();
  for (const auto& [seed, why] : tally.failures) {
    failures.push_back({{"seed", seed}, {"why", why}, {"replay", command(seed, options, {})}});
  }
  return dump_json({{"seeds", tally.seeds},
                    {"steps", options.steps},
                    {"mutant", std::string(options.mutant.name)},
                    {"counts", tally.counts},
                    {"failures", std::move(failures)}}) +
         "\n";
}

// The closing line that ./test counts. `more` failed without being a seed.
int summary(std::uint64_t tried, std::size_t failed, std::size_t more = 0) {
  std::cout << tried - std::min<std::uint64_t>(tried, failed) << " passed, " << failed + more
            << " failed\n";
  return tried > 0 && failed + more == 0 ? 0 : 1;
}

int report(const Options& options, const Tally& tally) {
  if (!options.json.empty()) std::ofstream(options.json) << json_of(options, tally);
  for (const auto& [seed, why] : tally.failures) {
    std::cout << "FAILED seed " << seed << ": " << why << "\n  "
              << command(seed, options, options.only) << "\n";
    if (!options.shrink || seed == 0) continue;
    const auto steps = options.only.empty() ? all_steps(options.steps) : options.only;
    std::cout << "  shrunk: " << command(seed, options, shrink(seed, steps, options.mutant.mutant))
              << "\n";
  }
  std::size_t blind = 0;
  for (const std::string& what : must_happen()) {
    const auto met = tally.counts.find(what);
    if (met != tally.counts.end()) std::cout << met->second << ' ' << what << "; ";
    if (met != tally.counts.end() || tally.seeds < kManySeeds) continue;
    std::cout << "NEVER HAPPENED: " << what << "; ";
    ++blind;
  }
  std::cout << '\n';
  if (!options.mutant.name.empty()) return tally.failures.empty() ? 1 : 0;
  return summary(tally.seeds, tally.failures.size(), blind);
}

// Seeds that failed once; a line is: seed [steps].
int run_regressions(Options options) {
  std::ifstream in(options.regressions);
  std::string line;
  Tally tally;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::uint64_t seed = 0;
    int steps = options.steps;
    words >> seed >> steps;
    const Ended outcome = run(seed, all_steps(steps), Mutant::None);
    ++tally.seeds;
    for (const auto& [what, n] : outcome.counts) tally.counts[what] += n;
    if (!outcome.failure.empty()) tally.failures[seed] = outcome.failure;
  }
  for (const auto& [seed, why] : tally.failures) {
    std::cout << "FAILED seed " << seed << ": " << why << "\n";
  }
  return summary(tally.seeds, tally.failures.size());
}

// Every mistake must be noticed by one of the seeds. Each process takes every jobs-th mistake.
int run_mutants(const Options& options) {
  const auto some = [&](int job) {
    std::string said;
    for (auto i = static_cast<std::size_t>(job); i < mutants().size();
         i += static_cast<std::size_t>(options.jobs)) {
      Options one = options;
      one.mutant = mutants()[i];
      const Tally tally = run_range(one, 0, 1);
      const bool caught = !tally.failures.empty();
      said += (caught ? "caught  " : "FAILED  lived: ") + std::string(mutants()[i].name);
      if (caught) said += " by seed " + std::to_string(tally.failures.begin()->first);
      said += '\n';
    }
    return said;
  };
  std::size_t caught = 0;
  for (const std::string& said : in_processes(options.jobs, some)) {
    std::cout << said;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) caught += line.starts_with("caught") ? 1 : 0;
  }
  return summary(mutants().size(), mutants().size() - caught);
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--shrink") {
      options.shrink = true;
      continue;
    }
    if (name == "--trace") {
      options.trace = true;
      continue;
    }
    if (name == "--exhaustive") {
      options.exhaustive = true;
      continue;
    }
    if (name == "--brief") {
      options.brief = true;
      continue;
    }
    if (name == "--mutants") {
      options.mutants = true;
      continue;
    }
    if (name == "--list-mutants") {
      for (const MutantName& m : mutants()) std::cout << m.name << "\n";
      std::exit(0);
    }
    if (i + 1 >= argc) return false;
    const std::string value = argv[++i];
    if (name == "--seeds") {
      const auto dots = value.find("..");
      options.first = std::strtoull(value.c_str(), nullptr, 10);
      options.last = dots == std::string::npos
                         ? options.first
                         : std::strtoull(value.c_str() + dots + 2, nullptr, 10);
    } else if (name == "--steps") {
      options.steps = std::atoi(value.c_str());
    } else if (name == "--jobs") {
      options.jobs = std::max(1, std::atoi(value.c_str()));
    } else if (name == "--json") {
      options.json = value;
    } else if (name == "--regressions") {
      options.regressions = value;
    } else if (name == "--only") {
      std::istringstream in(value);
      for (std::string part; std::getline(in, part, ',');) {
        options.only.push_back(std::atoi(part.c_str()));
      }
    } else if (name == "--mutant") {
      const auto mutant = mutant_named(value);
      if (!mutant) return false;
      if (!break_law(mutant->law)) {
        std::cerr << "the rules of this program hold: use simulate-mutants\n";
        return false;
      }
      options.mutant = *mutant;
    } else {
      return false;
    }
  }
  return options.first <= options.last && options.steps > 0;
}

}  // namespace
}  // namespace banyan::sim

int main(int argc, char** argv) {
  banyan::sim::Options options;
  if (!banyan::sim::parse(argc, argv, options)) {
    std::cerr << "usage: simulate --seeds A..B [--steps N] [--mutant NAME] [--list-mutants]\n"
                 "                [--json FILE] [--only N,N,...] [--shrink] [--jobs N]\n"
                 "                [--regressions FILE] [--mutants] [--trace]\n"
                 "                [--exhaustive [--brief]]\n";
    return 2;
  }
  if (!banyan::crypto_init().ok()) return 2;
  if (!options.regressions.empty()) return banyan::sim::run_regressions(options);
  if (options.exhaustive) return banyan::sim::run_exhaustive(options.jobs, options.brief);
  if (options.mutants) return banyan::sim::run_mutants(options);
  return banyan::sim::report(options, banyan::sim::run_jobs(options));
}
