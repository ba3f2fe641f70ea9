// The bank itself: province, county bank, branches, outlets, villages, staff.
#pragma once

#include "sync-server/demo/people.h"
#include "sync-server/demo/writer.h"

namespace banyan::demo {

class Organisation {
 public:
  Organisation(const Lists& lists, const DemoPack& pack, ImportTarget& target, DraftBatch& batch,
               Bank& bank, DemoReport& report)
      : lists_(lists), pack_(pack), target_(target), batch_(batch), bank_(bank), report_(report) {}

  // Writes it all and fills `bank`. `customers_per_officer` decides how many
  // officers a branch has (two at least). The cast's staff come first.
  Status build(std::uint32_t customers, std::uint32_t customers_per_officer, std::uint64_t seed);

  // Officers of a branch, by place in `bank.officers`.
  const std::vector<std::size_t>& officers_of(std::size_t branch) const {
    return officers_of_[branch];
  }
  const Weights& branch_weights() const { return weights_; }
  const std::vector<std::size_t>& villages_of(std::size_t branch) const {
    return villages_of_[branch];
  }

 private:
  struct Person {
    std::string name, no, role, position, area;
    RowId branch{};
    std::string branch_name;
  };
  Status branches();
  Status villages(Dice& dice);
  Status cast_staff();
  Status branch_staff(std::size_t branch, std::size_t officers, Dice& dice);
  Status hire(const Person& person, std::size_t officer_branch);
  Status put(RowId row, RowWrite write, std::vector<RowWrite> more = {});
  std::int64_t place_at(std::int64_t north_m, std::int64_t east_m) const;
  std::size_t branch_named(const std::string& name) const;

  static constexpr std::size_t kNoBranch = static_cast<std::size_t>(-1);

  const Lists& lists_;
  const DemoPack& pack_;
  ImportTarget& target_;
  DraftBatch& batch_;
  Bank& bank_;
  DemoReport& report_;
  Weights weights_;
  std::vector<std::vector<std::size_t>> officers_of_, villages_of_;
};

}  // namespace banyan::demo
