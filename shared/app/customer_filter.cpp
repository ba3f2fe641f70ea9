#include "shared/app/customer_filter.h"

#include <algorithm>

#include "shared/base/date.h"

namespace banyan {

namespace {

bool countable(const Field& field) {
  return field.type == FieldType::Date || field.type == FieldType::Money ||
         field.type == FieldType::Int || field.type == FieldType::Percent;
}

bool chosen(const Field& field) {
  return field.type == FieldType::Enum || field.type == FieldType::Ref ||
         field.type == FieldType::Bool;
}

std::string numbers(const std::vector<std::int64_t>& all) {
  std::string list;
  for (const std::int64_t one : all) list += (list.empty() ? "" : ",") + std::to_string(one);
  return list;
}

std::string condition(const Entity& customer, const FieldFilter& filter) {
  const Field* field = customer.field(filter.field);
  if (field == nullptr || !field->stored()) return {};
  std::string sql;
  if (!filter.any.empty() && field->merge == Merge::Set) {
    sql += " AND EXISTS(SELECT 1 FROM sib s WHERE s.tbl=" + std::to_string(customer.no) +
           " AND s.row=c.id AND s.col=" + std::to_string(field->no) + " AND s.el IN(" +
           numbers(filter.any) + "))";
  } else if (!filter.any.empty()) {
    sql += " AND c." + field->name + " IN(" + numbers(filter.any) + ")";
  }
  if (filter.from) sql += " AND c." + field->name + ">=" + std::to_string(*filter.from);
  if (filter.to) sql += " AND c." + field->name + "<=" + std::to_string(*filter.to);
  return sql;
}

}  // namespace

const FieldFilter* CustomerFilter::of(std::uint32_t field) const {
  const auto at = std::find_if(fields.begin(), fields.end(),
                               [&](const FieldFilter& one) { return one.field == field; });
  return at == fields.end() ? nullptr : &*at;
}

bool CustomerFilter::asks(std::uint32_t field, std::int64_t one) const {
  const FieldFilter* now = of(field);
  return now != nullptr && std::count(now->any.begin(), now->any.end(), one) > 0;
}

void CustomerFilter::put(FieldFilter one) {
  std::erase_if(fields, [&](const FieldFilter& old) { return old.field == one.field; });
  if (!one.any.empty() || one.from || one.to) fields.push_back(std::move(one));
}

void CustomerFilter::toggle(std::uint32_t field, std::int64_t one) {
  const FieldFilter* now = of(field);
  FieldFilter next = now == nullptr ? FieldFilter{.field = field} : *now;
  if (std::erase(next.any, one) == 0) next.any.push_back(one);
  put(std::move(next));
}

std::vector<const Field*> filter_fields(const Session& session) {
  const Entity& customer = *session.names().customer;
  const Role* role = session.me().role;
  std::vector<const Field*> out;
  for (const std::string& name : customer.list_filters) {
    const Field* field = customer.field(name);
    if (field == nullptr || field->retired || !field->stored()) continue;
    if (role != nullptr && (field->visible & role->mask) == 0) continue;
    if (chosen(*field) || countable(*field)) out.push_back(field);
  }
  return out;
}

FieldFilter years_ago(const Field& field, int from, std::optional<int> until, std::int64_t today) {
  FieldFilter filter;
  filter.field = field.no;
  filter.to = add_months(today, -12 * from);
  if (until) filter.from = add_months(today, -12 * (*until + 1)) + 1;
  return filter;
}

std::string filter_conditions(const Session& session, const CustomerFilter& filter) {
  const std::string today = std::to_string(session.today());
  std::string sql;
  if (filter.mine) sql += " AND c.owner=" + std::to_string(number(session.me().staff));
  if (filter.due_90_days) {
    sql += " AND b.due_on BETWEEN " + today + " AND " + today + "+90";
  }
  if (filter.silent_30_days) {
    const std::int64_t since = session.now_ms() - 30 * kDayMs;
    sql += " AND coalesce(b.contact_ms,0)<" + std::to_string(since);
  }
  if (filter.open_tasks) {
    sql += " AND EXISTS(SELECT 1 FROM task t WHERE t.customer=c.id AND t._dead=0 AND t.state=" +
           std::to_string(session.names().task_open) + ")";
  }
  for (const FieldFilter& one : filter.fields) sql += condition(*session.names().customer, one);
  return sql;
}

}  // namespace banyan
