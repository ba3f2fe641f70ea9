// One customer as the screen needs it: every part is read when it is first shown
// and again when something has changed.
#pragma once

#include <map>
#include <string>

#include "client/cached.h"
#include "shared/app/app.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class CustomerData {
 public:
  // False when the customer is not (or no longer) on this device.
  bool open(Session* session, RowId customer);

  Session& session() const { return *session_; }
  RowId id() const { return id_; }
  const CustomerHead& head();
  const std::vector<AccountItem>& accounts();
  const std::vector<TransactionItem>& transactions();
  const std::vector<TimelineItem>& timeline();
  const std::vector<RelationItem>& relations();
  const std::vector<TaskItem>& tasks();
  const std::vector<DocumentItem>& documents();
  const RecordView& profile();
  // Rows of any entity of the customer's aggregate.
  const std::vector<RecordView>& children(const Entity& entity);

  bool may(const Entity& entity, Right right) const { return session_->me().may(entity, right); }

 private:
  std::uint64_t key() const { return static_cast<std::uint64_t>(number(id_)); }

  Session* session_ = nullptr;
  RowId id_{};
  Cached<CustomerHead> head_;
  Cached<std::vector<AccountItem>> accounts_;
  Cached<std::vector<TransactionItem>> transactions_;
  Cached<std::vector<TimelineItem>> timeline_;
  Cached<std::vector<RelationItem>> relations_;
  Cached<std::vector<TaskItem>> tasks_;
  Cached<std::vector<DocumentItem>> documents_;
  Cached<RecordView> profile_;
  std::map<std::string, Cached<std::vector<RecordView>>> children_;
};

}  // namespace banyan::ui
