// Households of a village: who lives there, of what, and which of them bank with us.
#pragma once

#include <string>

#include "sync-server/demo/dice.h"
#include "sync-server/demo/identity.h"
#include "sync-server/demo/lists.h"
#include "sync-server/demo/world.h"

namespace banyan::demo {

class People {
 public:
  // The references must outlive this object.
  People(const Lists& lists, const std::vector<Village>& villages, Numbers& numbers,
         std::int64_t today)
      : lists_(lists), villages_(villages), numbers_(numbers), today_(today) {}

  // A household of one to six in that village. Its customers have no accounts yet.
  Household household(std::size_t village, Dice& dice);
  // A shop, cooperative or company in that village.
  Customer firm(std::size_t village, Dice& dice);

  std::string given_name(std::int64_t born_day, bool woman, Dice& dice) const;
  std::string surname(Dice& dice) const;
  // Number, sex and date of birth that agree with each other.
  void identify(Customer& person, std::int64_t born_day, bool woman);

 private:
  Customer adult(const std::string& surname, std::int64_t born_day, bool woman, std::size_t village,
                 int team, Dice& dice);
  void occupy(Customer& person, Dice& dice) const;
  void describe(Customer& person, Dice& dice) const;
  void add(Household& home, Customer person, Word role, int customer_percent, Dice& dice) const;
  std::int64_t born(std::int64_t age_low, std::int64_t age_high, Dice& dice) const;
  std::int64_t age_of(const Customer& person) const;
  bool urban(std::size_t village) const;
  std::string area(std::size_t village) const;

  const Lists& lists_;
  const std::vector<Village>& villages_;
  Numbers& numbers_;
  std::int64_t today_;
};

// The village's own mix of crops: the same two or three for all its farmers.
std::vector<Word> crops_of(std::size_t village);

}  // namespace banyan::demo
