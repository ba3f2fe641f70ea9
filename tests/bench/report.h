// What the benchmarks share: a stopwatch for wall and processor time, a report that keeps
// the best of several rounds, prints one table and writes JSON, and their options.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace banyan::bench {

struct Cost {
  double wall_s = 0;
  double cpu_s = 0;  // user and system time of this process: a busy machine changes it little
  Cost& operator+=(const Cost& other);
};

Cost operator+(Cost a, const Cost& b);

class Stopwatch {
 public:
  Stopwatch() : start_(now()) {}
  Cost taken() const;

 private:
  static Cost now();
  Cost start_;
};

// Times one call and adds it to `cost`.
template <class Call>
auto timed(Cost& cost, Call call) {
  const Stopwatch watch;
  auto result = call();
  cost += watch.taken();
  return result;
}

// A benchmark of a wrong result is void: these end the program.
[[noreturn]] void give_up(const std::string& why);
void expect(bool good, const std::string& what);
template <class T>
T must(Result<T> result) {
  if (!result.ok()) give_up(result.error().detail);
  return std::move(result).value();
}
inline void must(const Status& status) {
  if (!status.ok()) give_up(status.error().detail);
}

struct Options {
  std::string json, only, folder;
  std::uint32_t customers = 0;  // the benchmark's own size
  std::uint32_t rounds = 3;
  bool wants(const std::string& part) const { return only.empty() || only == part; }
};
// A whole number that only one benchmark asks for: "--tablets" and where it goes.
struct NumberOption {
  const char* name;
  std::uint32_t* value;
};
// The same for a word.
struct TextOption {
  const char* name;
  std::string* value;
};
// Prints `usage` for --help, or for an option that is not there, and ends.
Options parse_options(int argc, char** argv, const char* usage, std::uint32_t customers,
                      std::initializer_list<NumberOption> more = {},
                      std::initializer_list<TextOption> words = {});

// Lines are kept in the order of their first report; a later round replaces a time
// only when it is shorter, wall and processor time apart.
class Report {
 public:
  explicit Report(std::string name) : name_(std::move(name)) {}

  // The same work done by Banyan and by the floor, `units` of it.
  void compare(const std::string& section, const std::string& what, double units,
               const std::string& unit, const Cost& floor, const Cost& ours);
  // Work that the floor has no like of.
  void time(const std::string& section, const std::string& what, double units,
            const std::string& unit, const Cost& ours);
  // A figure; the smallest of all rounds.
  void figure(const std::string& section, const std::string& what, double value,
              const std::string& unit);

  // Calls `round` as often as asked, prints, and writes the JSON that is wanted. The exit status.
  int take_rounds(const Options& options, const std::function<void()>& round);

  void print() const;
  void save(const std::string& path) const;  // nothing for an empty path

 private:
  struct Line {
    std::string section, what, unit;
    double units = 0;  // 0: `value` is a figure
    bool has_floor = false;
    Cost floor, ours;
    double value = 0;
  };
  Line& line(const std::string& section, const std::string& what, bool& fresh);

  std::string name_;
  std::vector<Line> lines_;
};

// The share `part` (0 to 1) of `values` is not above the answer. Sorts.
double percentile(std::vector<double>& values, double part);

double resident_mib();
// Asks the kernel to start the peak anew; false where it cannot.
bool reset_peak();
double peak_mib();

}  // namespace banyan::bench
