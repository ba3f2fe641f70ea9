// Accounts and a year of movements for a person, with the farming year in them:
// loans and seed in spring, grain money and repayment after the harvest, cash
// before the Spring Festival.
#pragma once

#include <map>
#include <string>

#include "sync-server/demo/dice.h"
#include "sync-server/demo/identity.h"
#include "sync-server/demo/lists.h"
#include "sync-server/demo/world.h"

namespace banyan::demo {

// What a product of the packs offers.
struct Product {
  std::int64_t rate_bp = 0, months = 0;
};

class Money {
 public:
  // `routine_percent`: how much of everyday movements (cash, bills, shopping)
  // is made; `active_percent`: how many customers have movements at all.
  Money(const Lists& lists, const std::map<std::string, Product, std::less<>>& products,
        Numbers& numbers, std::int64_t today, int routine_percent, int active_percent)
      : lists_(lists),
        products_(products),
        numbers_(numbers),
        today_(today),
        routine_percent_(routine_percent),
        active_percent_(active_percent) {}

  // Fills `accounts`, `level` and the tags that follow from money.
  void equip(Customer& customer, Dice& dice);
  // A loan of the group's, paid out in spring, due next spring.
  void lend_in_group(Customer& customer, std::int64_t amount_minor, Dice& dice);

 private:
  Account& open(Customer& customer, Word product, std::int64_t opened);
  void savings(Customer& customer, Dice& dice);
  void loan(Customer& customer, Dice& dice);
  void lend(Customer& customer, Word product, std::int64_t amount_minor, std::int64_t paid_out,
            Dice& dice);
  void others(Customer& customer, Dice& dice);
  void year(Customer& customer, Dice& dice);
  void month(const Customer& customer, std::int64_t first_day, std::vector<Movement>& out,
             Dice& dice);
  void farming(const Customer& customer, int month, std::int64_t first_day,
               std::vector<Movement>& out, Dice& dice);
  void everyday(const Customer& customer, int month, std::int64_t first_day,
                std::vector<Movement>& out, Dice& dice);
  void repayments(const Customer& customer, std::vector<Movement>& out);
  void settle(Account& current, std::vector<Movement> movements, Dice& dice) const;
  const Product& product(Word key) const;
  const std::string& text(std::string_view kind, Dice& dice) const;

  const Lists& lists_;
  const std::map<std::string, Product, std::less<>>& products_;
  Numbers& numbers_;
  std::int64_t today_;
  int routine_percent_, active_percent_;
};

// "gold" and so on, from what a customer holds.
Word level_of(std::int64_t assets_minor);

}  // namespace banyan::demo
