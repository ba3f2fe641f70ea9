// The workload that other sync engines were measured on: customers of twelve
// fields, and edits of five of them. Deterministic; the same rows as the
// generators beside those measurements, whose sha256 the tests know.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace banyan::bench {

// splitmix64, Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators" (2014).
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint32_t below(std::uint32_t n);

 private:
  std::uint64_t state_;
};

enum Column : std::size_t {
  kId,
  kName,
  kIdNo,
  kPhone,
  kGender,
  kBirthDate,
  kBranch,
  kOfficer,
  kRisk,
  kAum,
  kKyc,
  kNote,
  kColumns
};
using Customer = std::array<std::string, kColumns>;  // texts, as in the canonical file

struct Edit {
  std::uint32_t customer = 0;  // index
  Column column{};             // phone, officer, aum, kyc or note
  std::string value;           // another than the cell's on the replica that edits
};

inline constexpr std::uint32_t kCustomers = 50'000;
inline constexpr std::uint32_t kEdits = 100'000;
inline constexpr std::uint64_t kSeedW2 = 0x43524D32;
inline constexpr std::uint64_t kSeedW5a = 0x43524D41;
inline constexpr std::uint64_t kSeedW5b = 0x43524D42;

// The first `count` customers; more of them begin with the same ones.
std::vector<Customer> make_customers(std::uint32_t count);
std::vector<Edit> make_edits(std::uint64_t seed, const std::vector<Customer>& customers,
                             std::uint32_t count);

}  // namespace banyan::bench
