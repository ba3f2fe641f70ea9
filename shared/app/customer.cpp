#include <algorithm>

#include "shared/app/ask.h"
#include "shared/app/photo_lane.h"
#include "shared/app/queries.h"
#include "shared/base/date.h"

namespace banyan {

namespace {

constexpr int kMonths = 12;
constexpr std::size_t kTailDigits = 4;

std::string tail_of(std::string_view number) {
  const std::size_t size = std::min(number.size(), kTailDigits);
  return std::string(number.substr(number.size() - size));
}

std::int64_t month_of(std::int64_t day) {
  const Date date = date_of(day);
  return std::int64_t{date.year} * 100 + date.month;
}

std::int64_t month_before(std::int64_t month) { return month % 100 == 1 ? month - 89 : month - 1; }

// Deposits at the end of each of the last twelve months: today's, with the
// flows taken back month by month.
void read_months(const Session& session, CustomerHead& head) {
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> flows;
  ask(
      session, "SELECT month, inflow, outflow FROM flow WHERE customer=?1",
      [&](const Statement& row) {
        flows[row.integer(0)] = {row.integer(1), row.integer(2)};
      },
      head.id);
  std::int64_t month = month_of(session.today());
  head.in_month_minor = flows[month].first;
  head.out_month_minor = flows[month].second;
  std::int64_t balance = head.deposits_minor;
  for (int i = 0; i < kMonths; ++i) {
    head.deposits_12_months.push_back(balance);
    balance -= flows[month].first - flows[month].second;
    month = month_before(month);
  }
  std::reverse(head.deposits_12_months.begin(), head.deposits_12_months.end());
}

void read_counts(const Session& session, CustomerHead& head) {
  const Names& names = session.names();
  head.interactions =
      static_cast<int>(ask_int(session,
                               "SELECT (SELECT count(*) FROM interaction WHERE _agg=?1 AND _dead=0)"
                               " + (SELECT count(*) FROM visit WHERE _agg=?1 AND _dead=0)",
                               head.id));
  head.requests_open = static_cast<int>(ask_int(
      session, "SELECT count(*) FROM request WHERE _agg=?1 AND _dead=0 AND state NOT IN (?2, ?3)",
      head.id, names.request_done, names.request_refused));
  head.tasks_open = static_cast<int>(
      ask_int(session, "SELECT count(*) FROM task WHERE customer=?1 AND _dead=0 AND state=?2",
              head.id, names.task_open));
  head.as_of_ms =
      ask_int(session, "SELECT max(as_of) FROM account WHERE _agg=?1 AND _dead=0", head.id);
}

}  // namespace

Result<CustomerHead> read_customer(const Session& session, RowId customer) {
  CustomerHead head;
  const Entity& entity = *session.names().customer;
  ask(
      session,
      "SELECT c.name, c.kind, c.customer_no, c.phone, c.birth_date, c.gender, c.level, c.assets,"
      " c.loans, b.spoken, b.due_on, c.figures_at"
      " FROM customer c JOIN about b ON b.id=c.id WHERE c.id=?1 AND c._dead=0",
      [&](const Statement& row) {
        head.id = customer;
        head.name = text_at(row, 0);
        head.company = session.names().company(row.integer(1));
        head.number = text_at(row, 2);
        head.phone = text_at(row, 3);
        head.birth_day = int_or(row, 4, kNoDay);
        head.gender = label_of(entity, "gender", row.integer(5));
        head.level = label_of(entity, "level", row.integer(6));
        head.has_figures = !row.is_null(7);
        head.deposits_minor = row.integer(7);
        head.loans_minor = row.integer(8);
        head.pinyin = text_at(row, 9);
        head.due_day = int_or(row, 10, kNoDay);
      },
      customer);
  if (head.id == kNoRow) return fail(ErrorCode::NotFound, "customer");
  head.place = locality_of(session, customer);
  head.tags = tags_of(session, customer);
  head.mark = mark_of(session, entity, customer);
  read_counts(session, head);
  read_months(session, head);
  return head;
}

std::vector<AccountItem> read_accounts(const Session& session, RowId customer) {
  const Entity& product = *session.names().product;
  const Field* kind = product.field("kind");
  std::vector<AccountItem> accounts;
  ask(
      session,
      "SELECT a.id, p.name, p.kind, a.number, a.balance, a.rate, a.due, a.as_of,"
      " a.closed IS NOT NULL, a.overdue_days, a.currency"
      " FROM account a LEFT JOIN product p ON p.id=a.product"
      " WHERE a._agg=?1 AND a._dead=0 ORDER BY 9, p.kind, a.opened, a.id",
      [&](const Statement& row) {
        AccountItem account;
        account.id = row.row_id(0);
        account.product = text_at(row, 1);
        for (const Choice& choice : kind->choices) {
          if (choice.no == row.integer(2)) account.kind = choice.name;
        }
        account.number_tail = tail_of(row.text(3));
        account.balance_minor = row.integer(4);
        account.rate_bp = row.integer(5);
        account.due_day = int_or(row, 6, kNoDay);
        account.as_of_ms = row.integer(7);
        account.closed = row.integer(8) != 0;
        account.overdue_days = row.integer(9);
        account.currency = text_at(row, 10);
        accounts.push_back(std::move(account));
      },
      customer);
  return accounts;
}

// Columns 0 to 8 of booked and of own lines: id, account, product, time, amount, kind, text,
// counterparty, currency. `entity` has the kinds.
static TransactionItem transaction_at(const Entity& entity, const Statement& row) {
  TransactionItem item;
  item.id = row.row_id(0);
  item.account = row.row_id(1);
  item.product = text_at(row, 2);
  item.at_ms = row.integer(3);
  item.amount_minor = row.integer(4);
  item.kind = label_of(entity, "kind", row.integer(5));
  item.text = text_at(row, 6);
  item.counterparty = text_at(row, 7);
  item.currency = text_at(row, 8);
  return item;
}

// What an officer took or paid in cash and the core bank has not booked yet. Once it
// is booked it comes back as a transaction.
static void read_unposted(const Session& session, RowId customer, RowId account,
                          std::vector<TransactionItem>& out) {
  const Names& names = session.names();
  ask(
      session,
      "SELECT e.id, e.account, p.name, e.received_at, e.amount, e.kind, e.note, e.payer, a.currency"
      " FROM own_entry e LEFT JOIN account a ON a.id=e.account"
      " LEFT JOIN product p ON p.id=a.product"
      " WHERE e._agg=?1 AND e._dead=0 AND (?2=0 OR e.account=?2) AND coalesce(e.state,?3)=?3"
      " ORDER BY e.received_at DESC, e.id DESC",
      [&](const Statement& row) {
        TransactionItem item = transaction_at(*names.own_entry, row);
        item.day = session.local_ms(item.at_ms) / kDayMs;
        if (row.integer(5) == names.entry_payout) item.amount_minor = -item.amount_minor;
        item.unposted = true;
        out.push_back(std::move(item));
      },
      customer, account, names.entry_unposted);
}

std::vector<TransactionItem> read_transactions(const Session& session, RowId customer,
                                               RowId account, std::size_t count_max) {
  const Entity& txn = *session.names().txn;
  std::vector<TransactionItem> out;
  read_unposted(session, customer, account, out);
  ask(
      session,
      "SELECT t.id, t.account, p.name, t.booked_at, t.amount, t.kind, t.text, t.counterparty,"
      " a.currency, t.booked_on, t.balance, t.channel"
      " FROM txn t LEFT JOIN account a ON a.id=t.account LEFT JOIN product p ON p.id=a.product"
      " WHERE t._agg=?1 AND t._dead=0 AND (?2=0 OR t.account=?2)"
      " ORDER BY t.booked_on DESC, t.booked_at DESC, t.id DESC LIMIT ?3",
      [&](const Statement& row) {
        TransactionItem item = transaction_at(txn, row);
        item.day = row.integer(9);
        item.has_balance = !row.is_null(10);
        item.balance_minor = row.integer(10);
        item.channel = label_of(txn, "channel", row.integer(11));
        out.push_back(std::move(item));
      },
      customer, account, static_cast<std::int64_t>(count_max));
  return out;
}

std::vector<RelationItem> read_relations(const Session& session, RowId customer) {
  const Names& names = session.names();
  std::vector<RelationItem> out;
  ask(
      session,
      "SELECT r.id, r.other, coalesce(c.name, r.other_name, ''), r.kind, r.note, c.id, c.assets"
      " FROM relation r LEFT JOIN customer c ON c.id=r.other AND c._dead=0"
      " WHERE r._agg=?1 AND r._dead=0 ORDER BY r.kind, r.id",
      [&](const Statement& row) {
        RelationItem item;
        item.id = row.row_id(0);
        item.other = row.row_id(5);  // none when that customer is not on this device
        item.name = text_at(row, 2);
        item.kind = label_of(*names.relation, "kind", row.integer(3));
        item.guarantee = row.integer(3) == names.relation_guarantor ||
                         row.integer(3) == names.relation_guaranteed;
        item.note = text_at(row, 4);
        item.assets_minor = row.integer(6);
        out.push_back(std::move(item));
      },
      customer);
  return out;
}

std::vector<DocumentItem> read_documents(const Session& session, RowId customer) {
  const Entity& document = *session.names().document;
  std::vector<DocumentItem> out;
  ask(
      session,
      "SELECT d.id, d.kind, d.name, d.mime, d.file, d.size, d.expires, d.taken_at,"
      " EXISTS(SELECT 1 FROM photo p WHERE p.hash=d.file)"
      " FROM document d WHERE d._agg=?1 AND d._dead=0 ORDER BY d.taken_at DESC, d.id DESC",
      [&](const Statement& row) {
        DocumentItem item;
        item.id = row.row_id(0);
        item.kind = label_of(document, "kind", row.integer(1));
        item.name = text_at(row, 2);
        item.mime = text_at(row, 3);
        const ByteView hash = row.blob(4);
        item.hash.assign(hash.begin(), hash.end());
        item.size = row.integer(5);
        item.expiry_day = int_or(row, 6, kNoDay);
        item.at_ms = row.integer(7);
        item.on_device = row.integer(8) != 0;
        out.push_back(std::move(item));
      },
      customer);
  for (DocumentItem& item : out) item.mark = mark_of(session, document, item.id);
  return out;
}

}  // namespace banyan
