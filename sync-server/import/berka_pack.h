// The entities and choices of the packs that the Czech bank's rows become.
#pragma once

#include <algorithm>
#include <string>

#include "sync-server/import/shape.h"

namespace banyan::berka {

// "007" for 7 and 3 digits.
inline std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

struct Pack {
  static Result<Pack> of(const Catalogue& catalogue);

  Shape branch, staff, product, customer, account, transaction, standing_order, relation,
      preference;

  struct {
    std::int64_t province, county, branch;
  } branch_kind;
  struct {
    std::int64_t current, loan, card;
  } product_kind;
  struct {
    std::int64_t active, overdue, closed;
  } account_status;
  struct {
    std::int64_t deposit, withdrawal, transfer_in, transfer_out, repayment, interest, fee, pension,
        card, insurance, household, other;
  } kind;
  struct {
    std::int64_t counter, card, automatic;
  } channel;
  std::int64_t person = 0, active_customer = 0, from_core = 0, female = 0, male = 0;
  std::int64_t relation_other = 0;
  std::int64_t preference_other = 0, preference_import = 0;
};

}  // namespace banyan::berka
