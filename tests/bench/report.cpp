#include "tests/bench/report.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <fstream>

#include "shared/base/json.h"

namespace banyan::bench {
namespace {

double seconds(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// The value of "key : value" or "key: value kB" in one of the kernel's files.
std::string value_in(const char* path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (line.rfind(key, 0) != 0 || colon == std::string::npos) continue;
    const auto from = line.find_first_not_of(" \t", colon + 1);
    return from == std::string::npos ? std::string() : line.substr(from);
  }
  return {};
}

double status_mib(const std::string& key) {
  return std::strtod(value_in("/proc/self/status", key).c_str(), nullptr) / 1024;
}

std::string machine() {
  const double gib =
      std::strtod(value_in("/proc/meminfo", "MemTotal").c_str(), nullptr) / (1024.0 * 1024.0);
  return value_in("/proc/cpuinfo", "model name") + ", " +
         std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " +
         std::to_string(static_cast<int>(std::lround(gib))) + " GiB";
}

double load() {
  double average[1] = {0};
  return ::getloadavg(average, 1) == 1 ? average[0] : 0;
}

// "123k" as people write it.
std::string rate(double per_s) {
  char text[32];
  if (per_s >= 1e6) {
    std::snprintf(text, sizeof text, "%.2fM", per_s / 1e6);
  } else if (per_s >= 1e4) {
    std::snprintf(text, sizeof text, "%.0fk", per_s / 1e3);
  } else if (per_s >= 1e3) {
    std::snprintf(text, sizeof text, "%.1fk", per_s / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.3g", per_s);
  }
  return text;
}

Cost best(const Cost& a, const Cost& b) {
  return {std::min(a.wall_s, b.wall_s), std::min(a.cpu_s, b.cpu_s)};
}

}  // namespace

Cost& Cost::operator+=(const Cost& other) {
  wall_s += other.wall_s;
  cpu_s += other.cpu_s;
  return *this;
}
Cost operator+(Cost a, const Cost& b) { return a += b; }

Cost Stopwatch::now() { return {seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)}; }
Cost Stopwatch::taken() const {
  const Cost end = now();
  return {end.wall_s - start_.wall_s, end.cpu_s - start_.cpu_s};
}

void give_up(const std::string& why) {
  std::fprintf(stderr, "void, nothing was measured: %s\n", why.c_str());
  std::exit(1);
}
void expect(bool good, const std::string& what) {
  if (!good) give_up("wrong result: " + what);
}

Options parse_options(int argc, char** argv, const char* usage, std::uint32_t customers,
                      std::initializer_list<NumberOption> more,
                      std::initializer_list<TextOption> words) {
  Options options;
  options.customers = customers;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--help") {
      std::fputs(usage, stdout);
      std::exit(0);
    }
    const auto* own = std::find_if(more.begin(), more.end(),
                                   [&](const NumberOption& option) { return name == option.name; });
    const auto* word = std::find_if(words.begin(), words.end(),
                                    [&](const TextOption& option) { return name == option.name; });
    const bool known = name == "--json" || name == "--only" || name == "--folder" ||
                       name == "--customers" || name == "--rounds" || own != more.end() ||
                       word != words.end();
    if (!known || i + 1 == argc) {
      std::fputs(usage, stderr);
      std::exit(2);
    }
    const std::string value = argv[++i];
    if (name == "--json") options.json = value;
    if (name == "--only") options.only = value;
    if (name == "--folder") options.folder = value;
    const auto count = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    if (name == "--customers") options.customers = count;
    if (name == "--rounds") options.rounds = count;
    if (own != more.end()) *own->value = count;
    if (word != words.end()) *word->value = value;
  }
  if (options.customers == 0 || options.rounds == 0) {
    std::fputs(usage, stderr);
    std::exit(2);
  }
  return options;
}

Report::Line& Report::line(const std::string& section, const std::string& what, bool& fresh) {
  const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const Line& l) {
    return l.section == section && l.what == what;
  });
  fresh = found == lines_.end();
  if (!fresh) return *found;
  lines_.emplace_back();
  lines_.back().section = section;
  lines_.back().what = what;
  return lines_.back();
}

void Report::compare(const std::string& section, const std::string& what, double units,
                     const std::string& unit, const Cost& floor, const Cost& ours) {
  bool fresh = false;
  Line& at = line(section, what, fresh);
  at.floor = fresh ? floor : best(at.floor, floor);
  at.ours = fresh ? ours : best(at.ours, ours);
  at.has_floor = true;
  at.units = units;
  at.unit = unit;
}

void Report::time(const std::string& section, const std::string& what, double units,
                  const std::string& unit, const Cost& ours) {
  compare(section, what, units, unit, {}, ours);
  bool fresh = false;
  line(section, what, fresh).has_floor = false;
}

void Report::figure(const std::string& section, const std::string& what, double value,
                    const std::string& unit) {
  bool fresh = false;
  Line& at = line(section, what, fresh);
  at.value = fresh ? value : std::min(at.value, value);
  at.unit = unit;
}

void Report::print() const {
  std::printf("%s on %s, load %.1f\n", name_.c_str(), machine().c_str(), load());
  std::string section;
  for (const Line& l : lines_) {
    if (l.section != section) {
      section = l.section;
      std::printf("\n%s\n  %-46s %11s %11s %9s %9s\n", section.c_str(), "", "floor/s", "Banyan/s",
                  "x by time", "x by CPU");
    }
    if (l.units == 0) {
      std::printf("  %-46s %35.2f %s\n", l.what.c_str(), l.value, l.unit.c_str());
    } else if (l.has_floor) {
      std::printf("  %-46s %11s %11s %9.2f %9.2f  %s\n", l.what.c_str(),
                  rate(l.units / l.floor.wall_s).c_str(), rate(l.units / l.ours.wall_s).c_str(),
                  l.ours.wall_s / l.floor.wall_s, l.ours.cpu_s / l.floor.cpu_s, l.unit.c_str());
    } else {
      std::printf("  %-46s %11s %11s %9s %9s  %s, %.2f s, CPU %.2f s\n", l.what.c_str(), "",
                  rate(l.units / l.ours.wall_s).c_str(), "", "", l.unit.c_str(), l.ours.wall_s,
                  l.ours.cpu_s);
    }
  }
}

void Report::save(const std::string& path) const {
  if (path.empty()) return;
  Json lines = Json::array();
  for (const Line& l : lines_) {
    Json one = {{"section", l.section}, {"what", l.what}, {"unit", l.unit}};
    if (l.units == 0) {
      one["value"] = l.value;
    } else {
      one.update({{"units", l.units}, {"wall_s", l.ours.wall_s}, {"cpu_s", l.ours.cpu_s}});
    }
    if (l.has_floor) {
      one.update({{"floor_wall_s", l.floor.wall_s}, {"floor_cpu_s", l.floor.cpu_s}});
    }
    lines.push_back(std::move(one));
  }
  std::ofstream file(path);
  file << dump_json({{"name", name_},
                     {"machine", machine()},
                     {"load", load()},
                     {"lines", std::move(lines)}})
       << "\n";
  file.close();
  if (!file) give_up("cannot write " + path);
}

int Report::take_rounds(const Options& options, const std::function<void()>& round) {
  for (std::uint32_t n = 1; n <= options.rounds; ++n) {
    std::fprintf(stderr, "round %u of %u\n", n, options.rounds);
    round();
  }
  print();
  save(options.json);
  return 0;
}

double percentile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size())));
  return values[std::min(values.size(), std::max<std::size_t>(at, 1)) - 1];
}

double resident_mib() { return status_mib("VmRSS"); }
double peak_mib() { return status_mib("VmHWM"); }
bool reset_peak() {
  std::ofstream out("/proc/self/clear_refs");
  out << "5";
  out.close();
  return out.good();
}

}  // namespace banyan::bench
