// simulate --seeds A..B [--steps N] [--mutant NAME] [--list-mutants] [--json FILE]
//          [--only N,N,...] [--shrink] [--jobs N] [--regressions FILE] [--mutants]
//
// Prints a JSON summary. A failing seed is printed with the command that replays
// it. With --mutant it succeeds when the mutant was caught, with --mutants when all were.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

#include "shared/base/json.h"
#include "shared/crypto/init.h"
#include "tests/simulation/oracle.h"

namespace banyan::sim {
namespace {

struct Options {
  std::uint64_t first = 1, last = 100;
  int steps = 400;
  Mutant mutant = Mutant::None;
  std::string mutant_name, json, regressions;
  std::vector<int> only;
  bool shrink = false, mutants = false;
  int jobs = 1;
};

struct Tally {
  std::uint64_t seeds = 0;
  std::map<std::string, std::uint64_t> counts;
  std::map<std::uint64_t, std::string> failures;
};

struct Outcome {
  std::string failure;
  std::map<std::string, std::uint64_t> counts;
};

Outcome run(std::uint64_t seed, const std::vector<int>& steps, Mutant mutant) {
  World world(seed, mutant);
  for (const int step : steps) {
    world.step(step);
    if (!world.failure().empty()) {
      return {"step " + std::to_string(step) + ": " + world.failure(), world.counts()};
    }
  }
  world.quiesce();
  if (world.failure().empty()) Oracle(world).check();
  return {world.failure(), world.counts()};
}

std::vector<int> all_steps(int count) {
  std::vector<int> steps;
  for (int i = 0; i < count; ++i) steps.push_back(i);
  return steps;
}

std::string command(std::uint64_t seed, const Options& options, const std::vector<int>& only) {
  std::string text = "build/bin/simulate --seeds " + std::to_string(seed) + ".." +
                     std::to_string(seed) + " --steps " + std::to_string(options.steps);
  if (!options.mutant_name.empty()) text += " --mutant " + options.mutant_name;
  if (!only.empty()) {
    text += " --only ";
    for (std::size_t i = 0; i < only.size(); ++i) {
      text += (i == 0 ? "" : ",") + std::to_string(only[i]);
    }
  }
  return text;
}

// Leaves out ever smaller runs of steps while the seed still fails.
std::vector<int> shrink(std::uint64_t seed, std::vector<int> steps, Mutant mutant) {
  for (std::size_t size = steps.size() / 2; size > 0; size /= 2) {
    for (std::size_t at = 0; at + size <= steps.size();) {
      std::vector<int> fewer = steps;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(at + size));
      if (run(seed, fewer, mutant).failure.empty()) {
        at += size;
      } else {
        steps = std::move(fewer);
      }
    }
  }
  return steps;
}

Tally run_range(const Options& options, std::uint64_t first, std::uint64_t stride) {
  Tally tally;
  for (std::uint64_t seed = options.first + first; seed <= options.last; seed += stride) {
    const auto steps = options.only.empty() ? all_steps(options.steps) : options.only;
    const Outcome outcome = run(seed, steps, options.mutant);
    ++tally.seeds;
    for (const auto& [what, n] : outcome.counts) tally.counts[what] += n;
    if (!outcome.failure.empty()) tally.failures[seed] = outcome.failure;
    if (options.mutant != Mutant::None && !tally.failures.empty()) break;
  }
  return tally;
}

// ---- several processes

std::string pack(const Tally& tally) {
  std::ostringstream out;
  out << "seeds " << tally.seeds << '\n';
  for (const auto& [what, n] : tally.counts) out << "count " << n << ' ' << what << '\n';
  for (const auto& [seed, why] : tally.failures) out << "fail " << seed << ' ' << why << '\n';
  return out.str();
}

void unpack(const std::string& text, Tally& into) {
  std::istringstream in(text);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string kind, rest;
    std::uint64_t n = 0;
    words >> kind >> n;
    std::getline(words >> std::ws, rest);
    if (kind == "seeds") into.seeds += n;
    if (kind == "count") into.counts[rest] += n;
    if (kind == "fail") into.failures[n] = rest;
  }
}

// What each of `jobs` processes said; nothing from one that died.
std::vector<std::string> in_processes(int jobs, const std::function<std::string(int)>& work) {
  std::vector<int> pipes;
  for (int job = 0; job < jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) std::exit(2);
    if (fork() == 0) {
      close(ends[0]);
      const std::string text = work(job);
      const bool written =
          write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
      std::_Exit(written ? 0 : 2);
    }
    close(ends[1]);
    pipes.push_back(ends[0]);
  }
  std::vector<std::string> all;
  for (const int end : pipes) {
    std::string& text = all.emplace_back();
    char buffer[4096];
    for (ssize_t n = 0; (n = read(end, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    close(end);
  }
  for (int status = 0; wait(&status) > 0;) {
    if (status != 0) all.emplace_back("fail 0 a process of the simulator died\n");
  }
  return all;
}

Tally run_jobs(const Options& options) {
  if (options.jobs <= 1) return run_range(options, 0, 1);
  const auto stride = static_cast<std::uint64_t>(options.jobs);
  Tally tally;
  for (const std::string& said : in_processes(options.jobs, [&](int job) {
         return pack(run_range(options, static_cast<std::uint64_t>(job), stride));
       })) {
    unpack(said, tally);
  }
  return tally;
}

// ---- the summary

// What a run of many seeds must have met; a zero says that the simulator has
// gone blind there.
const std::vector<const char*>& must_happen() {
  static const std::vector<const char*> all{"commits",
                                            "rounds",
                                            "pages",
                                            "partial pages",
                                            "FULL",
                                            "DROP",
                                            "INC",
                                            "resets",
                                            "restores",
                                            "backups",
                                            "moves",
                                            "staff moves",
                                            "imports",
                                            "new customers",
                                            "deletes",
                                            "undeletes",
                                            "deltas",
                                            "siblings",
                                            "writes lost",
                                            "late writes",
                                            "no access",
                                            "ops rejected",
                                            "requests dropped",
                                            "requests delayed",
                                            "requests duplicated",
                                            "replies lost",
                                            "replies delayed",
                                            "stale replies",
                                            "late deliveries",
                                            "parked",
                                            "restarts",
                                            "clock jumps",
                                            "tails lost",
                                            "tails adopted"};
  return all;
}

std::string json_of(const Options& options, const Tally& tally) {
  Json failures = Json::array();
  for (const auto& [seed, why] : tally.failures) {
    failures.push_back({{"seed", seed}, {"why", why}, {"replay", command(seed, options, {})}});
  }
  return dump_json({{"seeds", tally.seeds},
                    {"steps", options.steps},
                    {"mutant", options.mutant_name},
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
  const std::string json = json_of(options, tally);
  std::cout << json;
  if (!options.json.empty()) std::ofstream(options.json) << json;
  for (const auto& [seed, why] : tally.failures) {
    std::cout << "FAILED seed " << seed << ": " << why << "\n  "
              << command(seed, options, options.only) << "\n";
    if (!options.shrink || seed == 0) continue;
    const auto steps = options.only.empty() ? all_steps(options.steps) : options.only;
    std::cout << "  shrunk: " << command(seed, options, shrink(seed, steps, options.mutant))
              << "\n";
  }
  std::size_t blind = 0;
  if (tally.seeds >= 100 && options.mutant == Mutant::None) {
    for (const char* what : must_happen()) {
      if (tally.counts.contains(what)) continue;
      std::cout << "never happened: " << what << "\n";
      ++blind;
    }
  }
  if (options.mutant != Mutant::None) return tally.failures.empty() ? 1 : 0;
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
    const Outcome outcome = run(seed, all_steps(steps), Mutant::None);
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
      one.mutant = mutants()[i].mutant;
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
      options.mutant = *mutant;
      options.mutant_name = value;
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
                 "                [--regressions FILE] [--mutants]\n";
    return 2;
  }
  if (!banyan::crypto_init().ok()) return 2;
  if (!options.regressions.empty()) return banyan::sim::run_regressions(options);
  if (options.mutants) return banyan::sim::run_mutants(options);
  return banyan::sim::report(options, banyan::sim::run_jobs(options));
}
