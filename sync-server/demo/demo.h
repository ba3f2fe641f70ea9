// A rural county bank that does not exist, for trying the product out.
//
// The same seed, size and day make the same rows, bit for bit. Every date lies
// relative to `today`, so that visits are due and loans run out whenever the
// demo is started. No name, number or place is a real person's: ID numbers
// have right check digits in area 99, which was never given out, and mobile
// numbers begin with 12, which no operator has. DEMO.md has the rules.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "sync-server/import/target.h"

namespace banyan {

class ServerStore;

enum class DemoSize : std::uint8_t { Small, County, Large };
constexpr std::uint32_t customers_of(DemoSize size) {
  return size == DemoSize::Small ? 2'000 : size == DemoSize::County ? 50'000 : 500'000;
}
// "small", "county", "large"; Invalid otherwise.
Result<DemoSize> demo_size_of(std::string_view name);

struct DemoOptions {
  std::uint64_t seed = 1;
  std::int64_t now_ms = 0;      // required: milliseconds since 1970 UTC; the bank's day is UTC+8
  std::filesystem::path lists;  // assets/demo: names, villages, products, phrases
  std::uint32_t customers = 0;  // 0: as the size says; tests ask for fewer
  std::function<void(std::uint32_t done, std::uint32_t all)> progress;
};

// A staff member who can log in, so that the console can print it.
struct DemoLogin {
  std::string name, staff_no, role, branch;
  RowId staff{};
  std::uint32_t customers = 0;  // in the portfolio of an officer
};

struct DemoReport {
  std::uint64_t customers = 0, accounts = 0, transactions = 0, interactions = 0, tasks = 0;
  std::uint64_t rows = 0, commits = 0;
  std::vector<DemoLogin> logins;  // 林晓雯, 许文静, a manager and the headquarters analyst first
  bool was_there = false;         // this store has a demo bank already: nothing written
};

Result<DemoReport> make_demo(ServerStore& store, const Catalogue& catalogue, DemoSize size,
                             const DemoOptions& options);
Result<DemoReport> make_demo(ImportTarget& target, const Catalogue& catalogue, DemoSize size,
                             const DemoOptions& options);

std::string to_text(const DemoReport& report);

}  // namespace banyan
