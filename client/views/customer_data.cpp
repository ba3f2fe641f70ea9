#include "client/views/customer_data.h"

namespace banyan::ui {

namespace {

constexpr std::size_t kTransactionsMax = 500;
constexpr std::size_t kTimelineMax = 300;

}  // namespace

bool CustomerData::open(Session* session, RowId customer) {
  if (session != session_) *this = CustomerData{};
  session_ = session;
  id_ = customer;
  return session_ != nullptr && head().id != kNoRow;
}

const CustomerHead& CustomerData::head() {
  return head_.get(session_->version(), key(), [&] {
    Result<CustomerHead> found = read_customer(*session_, id_);
    return found.ok() ? std::move(found).value() : CustomerHead{};
  });
}

const std::vector<AccountItem>& CustomerData::accounts() {
  return accounts_.get(session_->version(), key(), [&] { return read_accounts(*session_, id_); });
}

const std::vector<TransactionItem>& CustomerData::transactions() {
  return transactions_.get(session_->version(), key(), [&] {
    return read_transactions(*session_, id_, kNoRow, kTransactionsMax);
  });
}

const std::vector<TimelineItem>& CustomerData::timeline() {
  return timeline_.get(session_->version(), key(),
                       [&] { return read_timeline(*session_, id_, kTimelineMax); });
}

const std::vector<RelationItem>& CustomerData::relations() {
  return relations_.get(session_->version(), key(), [&] { return read_relations(*session_, id_); });
}

const std::vector<TaskItem>& CustomerData::tasks() {
  return tasks_.get(session_->version(), key(), [&] { return read_tasks(*session_, id_); });
}

const std::vector<DocumentItem>& CustomerData::documents() {
  return documents_.get(session_->version(), key(), [&] { return read_documents(*session_, id_); });
}

const RecordView& CustomerData::profile() {
  return profile_.get(session_->version(), key(), [&] {
    Result<RecordView> found = read_record(*session_, *session_->names().customer, id_);
    return found.ok() ? std::move(found).value() : RecordView{};
  });
}

const std::vector<RecordView>& CustomerData::children(const Entity& entity) {
  return children_[entity.name].get(session_->version(), key(),
                                    [&] { return read_children(*session_, entity, id_); });
}

}  // namespace banyan::ui
