// The bank on its first day: branches, staff, customers and leads in the server's database, and
// an empty device for each seat. Founded once in a process; every run begins with a copy.
#pragma once

#include <memory>
#include <vector>

#include "shared/crypto/box.h"
#include "shared/storage/replica.h"
#include "tests/simulation/bank.h"

namespace banyan::sim {

inline constexpr std::uint32_t kOrganisation = 77;
inline constexpr std::int64_t kFirstDay = 1'800'000'000'000;

// Who works in `staff`, in this order.
enum class Person : std::size_t { Headquarters, Anna, Ben, Teller, Clerk, Partner, Principal };
inline constexpr std::size_t kPeople = 7;

struct Seat {
  RowId user{};
  std::int64_t role = 0;
  DeviceId id{};
  Replica::Identity::Joined joined;
  std::shared_ptr<const SigningKey> key;
  std::shared_ptr<const BoxKey> box;
  std::unique_ptr<Database> database;
};

struct Founding {
  std::unique_ptr<Database> server;
  std::vector<RowId> staff, branches;  // the last branch is a department
  std::vector<Seat> seats;
};

const SigningKey& organisation_key();
const BoxKey& headquarters_box();  // parcels are sealed for it
inline constexpr std::size_t kCasts = 4;
// Each cast has five people with a device, and the first one an officer with two.
const Founding& founding(std::size_t cast);

}  // namespace banyan::sim
