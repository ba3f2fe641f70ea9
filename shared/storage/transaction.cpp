#include "shared/storage/transaction.h"

namespace banyan {

Result<Transaction> Transaction::begin(Database& db) {
  BANYAN_CHECK(db.autocommit());
  TRY(db.run("BEGIN IMMEDIATE"));
  return Transaction(db);
}

Transaction::~Transaction() {
  // SQLite may have undone it already, at a full disk for example.
  if (db_ == nullptr || db_->autocommit()) return;
  // What cannot be undone must not be added to: nobody may commit it later.
  if (const Status undone = db_->run("ROLLBACK"); !undone.ok()) db_->stop(undone.error());
}

Status Transaction::commit() {
  BANYAN_CHECK(db_ != nullptr);
  TRY(db_->run("COMMIT"));
  db_ = nullptr;
  return {};
}

}  // namespace banyan
