#include "tests/simulation/runs.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <new>
#include <sstream>

#include "shared/base/check.h"
#include "tests/simulation/small_scope.h"
#include "tests/simulation/world.h"

namespace banyan::sim {
namespace {

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

}  // namespace

Ended run(std::uint64_t seed, const std::vector<int>& steps, Mutant mutant, bool trace) {
  World world(seed, mutant);
  int at = 0;
  if (trace) {
    world.tell = [&at](const char* what, std::uint64_t n) {
      std::cerr << at << ": " << n << ' ' << what << '\n';
    };
  }
  for (const int step : steps) {
    at = step;
    world.step(step);
    if (!world.failure().empty()) {
      return {"step " + std::to_string(step) + ": " + world.failure(), world.counts()};
    }
  }
  at = -1;
  world.quiesce();
  return {world.failure(), world.counts()};
}

std::vector<int> all_steps(int count) {
  std::vector<int> steps;
  for (int i = 0; i < count; ++i) steps.push_back(i);
  return steps;
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
  break_law(options.mutant.law);
  for (std::uint64_t seed = options.first + first; seed <= options.last; seed += stride) {
    const auto steps = options.only.empty() ? all_steps(options.steps) : options.only;
    const Ended outcome = run(seed, steps, options.mutant.mutant, options.trace);
    ++tally.seeds;
    for (const auto& [what, n] : outcome.counts) tally.counts[what] += n;
    if (!outcome.failure.empty()) tally.failures[seed] = outcome.failure;
    if (!options.mutant.name.empty() && !tally.failures.empty()) break;
  }
  break_law(Law::None);
  return tally;
}

// ---- several processes

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

// ---- small scope

namespace {

std::string said(bool good, const std::string& what) {
  return (good ? "passed  " : "FAILED  ") + what + "\n";
}

std::string say_histories(small::Kind kind) {
  std::string failure;
  const std::uint64_t count = small::run_histories(kind, failure);
  return said(failure.empty(), std::string(small::name_of(kind)) + ": " + std::to_string(count) +
                                   " histories of 4 commits " + failure);
}

std::string say_interleavings(small::Kind kind, int ops, std::size_t commits) {
  const small::Explored e = small::explore(kind, ops, commits);
  return said(e.failure.empty(), std::string(small::name_of(kind)) + ": " +
                                     std::to_string(e.steps) + " steps between " +
                                     std::to_string(e.states) + " states of " +
                                     std::to_string(commits) + " commits, " + std::to_string(ops) +
                                     " operations: " + e.failure);
}

}  // namespace

int run_exhaustive(int jobs, bool brief) {
  using small::Kind;
  std::vector<std::function<std::string()>> tasks;
  for (const Kind kind : small::kKinds) {
    const bool richest = kind == Kind::GuardedLife || kind == Kind::Guarded || kind == Kind::Set;
    if (brief && !richest) continue;
    tasks.emplace_back([kind] { return say_interleavings(kind, small::kOps, 3); });
  }
  for (const small::Kind kind : small::kKinds) {
    tasks.emplace_back([kind] { return say_histories(kind); });
  }
  // Whichever process is free takes the next.
  void* shared = mmap(nullptr, sizeof(std::atomic<std::size_t>), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  BANYAN_CHECK(shared != MAP_FAILED);
  auto* next = new (shared) std::atomic<std::size_t>(0);
  const auto some = [&](int) {
    std::string text;
    for (std::size_t i = (*next)++; i < tasks.size(); i = (*next)++) text += tasks[i]();
    return text;
  };
  std::size_t passed = 0;
  for (const std::string& text : in_processes(jobs, some)) {
    std::cout << text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) passed += line.starts_with("passed") ? 1 : 0;
  }
  std::cout << passed << " passed, " << tasks.size() - passed << " failed\n";
  return passed == tasks.size() ? 0 : 1;
}

}  // namespace banyan::sim
