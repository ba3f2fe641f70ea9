// A transaction that is undone unless it is committed.
//
//   TRY_ASSIGN(Transaction change, Transaction::begin(db));
//   TRY(write(db));
//   return change.commit();
#pragma once

#include <utility>

#include "shared/storage/database.h"

namespace banyan {

class Transaction {
 public:
  // Takes the write lock at once. Asserts that no transaction is open.
  static Result<Transaction> begin(Database& db);

  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Saved when it returns without an error. After StorageFull nothing is
  // saved; after Io only opening the database again tells.
  Status commit();

 private:
  explicit Transaction(Database& db) : db_(&db) {}
  Database* db_;  // null once committed or moved from
};

}  // namespace banyan
