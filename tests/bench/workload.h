// The workload that other sync engines were measured on: customers of twelve
// fields, and edits of five of them. Deterministic. As text (fields joined with
// TAB, "customer TAB field TAB value" for an edit, LF at the end) the full lists
// have these sha256:
//   customers   573d568933ed4a4baad54b5989a19a8c5f86c1850decc349d10e22872cf982d5
//   W2 edits    4a4775128afdaac8a155f2e4a6a93db6c188276fa8dcba90b810d67e82adcd26
//   W5 edits A  c72d51143e5721f4bf6d3cb9efaaed2d576b34d504318da9c3ca234a62f3c834
//   W5 edits B  4ad31d9735e2a72a8cd1c64732346ccb1436373f24c13598d3eac52a125c7e7a
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
