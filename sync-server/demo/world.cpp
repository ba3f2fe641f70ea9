#include "sync-server/demo/world.h"

namespace banyan::demo {
namespace {

bool owes(const Account& account) {
  return account.product.ends_with("loan") || account.product == "card";
}

}  // namespace

std::int64_t Customer::assets_minor() const {
  std::int64_t sum = 0;
  for (const Account& account : accounts) {
    if (!owes(account)) sum += account.balance_minor.value_or(0);
  }
  return sum;
}

std::int64_t Customer::owed_minor() const {
  std::int64_t sum = 0;
  for (const Account& account : accounts) {
    if (account.product.ends_with("loan")) sum -= account.balance_minor.value_or(0);
  }
  return sum;
}

}  // namespace banyan::demo
