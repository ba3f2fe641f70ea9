#include "tests/bench/sync/expected.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "tests/bench/report.h"

namespace banyan::bench {
namespace {

using Cell = std::pair<std::uint32_t, Column>;

std::map<Cell, std::string> last_values(std::span<const Edit> edits) {
  std::map<Cell, std::string> out;
  for (const Edit& edit : edits) out[{edit.customer, edit.column}] = edit.value;
  return out;
}

}  // namespace

std::vector<Customer> after_edits(std::vector<Customer> customers, std::span<const Edit> edits) {
  for (const Edit& edit : edits) customers[edit.customer][edit.column] = edit.value;
  return customers;
}

Hash256 table_hash(std::vector<Customer> customers) {
  std::sort(customers.begin(), customers.end());
  std::string text;
  for (const Customer& customer : customers) {
    for (const std::string& cell : customer) {
      text += cell;
      text += '\t';
    }
    text.back() = '\n';
  }
  return hash256(as_bytes(text));
}

std::vector<Customer> read_table(Database& db) {
  std::vector<Customer> out;
  Statement rows = must(db.statement(
      "SELECT uuid,name,id_no,phone,gender,birth_date,branch_id,officer_id,risk_level,aum,"
      "kyc_status,note FROM customer"));
  while (must(rows.step())) {
    Customer& customer = out.emplace_back();
    for (int i = 0; i < static_cast<int>(kColumns); ++i) {
      customer[static_cast<std::size_t>(i)] = rows.text(i);
    }
  }
  return out;
}

Fidelity fidelity_of(const std::vector<Customer>& before, const std::vector<Customer>& shown,
                     std::span<const Edit> a, std::span<const Edit> b) {
  std::unordered_map<std::string, const Customer*> by_id;
  for (const Customer& customer : shown) by_id[customer[kId]] = &customer;
  const auto of_a = last_values(a), of_b = last_values(b);
  std::set<Cell> cells;
  for (const auto& [cell, value] : of_a) cells.insert(cell);
  for (const auto& [cell, value] : of_b) cells.insert(cell);
  Fidelity out;
  for (const Cell& cell : cells) {
    const auto row = by_id.find(before[cell.first][kId]);
    expect(row != by_id.end(), "a customer is gone");
    const std::string& value = (*row->second)[cell.second];
    const auto in_a = of_a.find(cell), in_b = of_b.find(cell);
    if (in_a != of_a.end() && in_b != of_b.end()) {
      ++out.both;
      if (value != in_a->second && value != in_b->second) ++out.foreign;
      if (cell.second == kPhone && in_a->second != in_b->second) ++out.guarded;
    } else {
      ++out.one_side;
      if (value != (in_a != of_a.end() ? in_a->second : in_b->second)) ++out.lost;
    }
  }
  return out;
}

}  // namespace banyan::bench
