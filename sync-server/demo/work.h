// What staff have done with a customer and what they mean to do: contacts,
// visits, plans, tasks, requests, needs, papers.
#pragma once

#include "sync-server/demo/dice.h"
#include "sync-server/demo/lists.h"
#include "sync-server/demo/world.h"

namespace banyan::demo {

struct WorkShares {
  int contact_percent = 0;  // customers with contacts in the last year
  int detail_percent = 0;   // of those: needs, preferences, papers, requests
  std::uint32_t today_max = 4, later_max = 12, tasks_max = 9;  // for each officer
};

class Work {
 public:
  Work(const Lists& lists, const std::vector<Village>& villages, WorkShares shares,
       std::int64_t now_ms);

  // Fills everything but accounts. `officer` is counted up by what is planned.
  void fill(Customer& customer, Officer& officer, Dice& dice);

 private:
  void contacts(Customer& customer, Dice& dice);
  void visits(Customer& customer, Dice& dice);
  void plans(Customer& customer, Officer& officer, Dice& dice);
  void tasks(Customer& customer, Officer& officer, Dice& dice);
  void knowledge(Customer& customer, Dice& dice);
  void papers(Customer& customer, Dice& dice);
  void requests(Customer& customer, Dice& dice);
  void crops(Customer& customer, Dice& dice);
  void tag_by_silence(Customer& customer) const;
  const Phrase& visit_phrase(Word purpose, std::int64_t day, Dice& dice);
  std::int64_t workday(std::int64_t days_ago) const;

  const Lists& lists_;
  const std::vector<Village>& villages_;
  WorkShares shares_;
  std::int64_t now_ms_, today_;
};

}  // namespace banyan::demo
