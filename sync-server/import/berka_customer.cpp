#include "shared/base/date.h"
#include "sync-server/import/berka_loader.h"
#include "sync-server/import/berka_words.h"

namespace banyan::berka {
namespace {

const std::string kCurrency = "CZK";

Value text_or_null(std::string text) { return text.empty() ? Value{} : Value{std::move(text)}; }

// Instalments that have fallen due up to and on `today`.
std::int64_t instalments_due(const Loan& loan, std::int64_t today) {
  std::int64_t due = 0;
  while (due < loan.months && add_months(loan.day, static_cast<int>(due + 1)) <= today) ++due;
  return due;
}

std::string client_key(std::int64_t id) { return "client/" + std::to_string(id); }
std::string account_key(std::int64_t id) { return "account/" + std::to_string(id); }

}  // namespace

// A client of this data set has no name: he is called by his number.
Status Loader::customer(const Client& client, const Dossier& dossier) {
  Figures figures;
  std::vector<RowWrite> children;
  for (const Account* owned : dossier.owned) TRY(account(*owned, figures, children));
  TRY(relations(client, dossier, children));

  Value since;
  for (const Disposition* d : dossier.dispositions) {
    const std::int64_t opened = accounts_.at(d->account)->opened_day;
    since = is_null(since) ? opened : std::min(int_of(since), opened);
  }
  const std::string number = padded(client.id, 5);
  std::vector<RowWrite> rows;
  TRY(ledger_.put(client_key(client.id), pack_.customer,
                  {"Klient " + number, pack_.person, officer_of(client), branch_of(client.district),
                   pack_.active_customer, client.woman ? pack_.female : pack_.male, client.born_day,
                   number, pack_.from_core, since, figures.assets, figures.loans, figures.at},
                  rows));
  rows.insert(rows.end(), std::make_move_iterator(children.begin()),
              std::make_move_iterator(children.end()));
  return batch_.add(ledger_.row_of(client_key(client.id)), 0, std::move(rows));
}

Status Loader::account(const Account& account, Figures& figures, std::vector<RowWrite>& rows) {
  const auto movements = transactions_.find(account.id);
  Value balance, at;
  if (movements != transactions_.end()) {
    const Transaction& newest = *movements->second.back();
    balance = newest.balance_minor;
    at = newest.day * kDayMs;
    figures.add(figures.assets, newest.balance_minor, newest.day * kDayMs);
  }
  TRY(ledger_.put(account_key(account.id), pack_.account,
                  {ledger_.row_of("product/UCET"),
                   std::to_string(account.id),
                   balance,
                   at,
                   pack_.account_status.active,
                   account.opened_day,
                   {},
                   {},
                   {},
                   kCurrency,
                   branch_of(account.district),
                   {}},
                  rows));
  TRY(ledger_.put("statement/" + std::to_string(account.id), pack_.preference,
                  {pack_.preference_other, std::string(word_of(account.frequency)),
                   pack_.preference_import, account.opened_day},
                  rows));
  TRY(orders(account, rows));
  for (const Loan* l : loans_[account.id]) TRY(loan(*l, account, figures, rows));
  for (const Card* c : cards_[account.id]) TRY(card(*c, account, rows));
  if (movements == transactions_.end()) return {};
  const RowId row = ledger_.row_of(account_key(account.id));
  for (const Transaction* t : movements->second) TRY(transaction(*t, row, rows));
  return {};
}

Status Loader::orders(const Account& account, std::vector<RowWrite>& rows) {
  for (const Order* o : orders_[account.id]) {
    TRY(ledger_.put("order/" + std::to_string(o->id), pack_.standing_order,
                    {ledger_.row_of(account_key(account.id)), o->amount_minor,
                     kind_of(o->purpose, pack_.kind.transfer_out), text_or_null(o->account_to),
                     text_or_null(o->bank_to), std::int64_t{1}, std::to_string(o->id), kCurrency},
                    rows));
  }
  return {};
}

// Loans carry no interest in this data: amount = months x payment. What a
// running one still owes follows from that; what a failed one owes is unknown.
Status Loader::loan(const Loan& loan, const Account& account, Figures& figures,
                    std::vector<RowWrite>& rows) {
  const std::int64_t due = add_months(loan.day, static_cast<int>(loan.months));
  const bool paid = loan.status == 'A';
  const bool running = loan.status == 'C' || loan.status == 'D';
  const bool overdue = loan.status == 'B' || loan.status == 'D';
  const std::int64_t at = last_day_ * kDayMs;
  Value balance, next;
  if (paid) balance = std::int64_t{0};
  if (running) {
    const std::int64_t owed =
        loan.amount_minor - loan.payment_minor * instalments_due(loan, last_day_);
    balance = -owed;
    next = loan.payment_minor;
    figures.add(figures.loans, owed, at);
  }
  const std::int64_t status = paid      ? pack_.account_status.closed
                              : overdue ? pack_.account_status.overdue
                                        : pack_.account_status.active;
  return ledger_.put("loan/" + std::to_string(loan.id), pack_.account,
                     {ledger_.row_of("product/UVER"), std::to_string(loan.id), balance, at, status,
                      loan.day, paid ? Value{due} : Value{}, due, loan.amount_minor, kCurrency,
                      branch_of(account.district), next},
                     rows);
}

Status Loader::card(const Card& card, const Account& account, std::vector<RowWrite>& rows) {
  const char* product = card.kind == CardKind::Junior    ? "product/KARTA-J"
                        : card.kind == CardKind::Classic ? "product/KARTA-C"
                                                         : "product/KARTA-G";
  return ledger_.put("card/" + std::to_string(card.id), pack_.account,
                     {ledger_.row_of(product),
                      std::to_string(card.id),
                      {},
                      {},
                      pack_.account_status.active,
                      card.issued_day,
                      {},
                      {},
                      {},
                      kCurrency,
                      branch_of(account.district),
                      {}},
                     rows);
}

std::int64_t Loader::kind_of(Purpose purpose, std::int64_t otherwise) const {
  switch (purpose) {
    case Purpose::Insurance: return pack_.kind.insurance;
    case Purpose::Household: return pack_.kind.household;
    case Purpose::Loan: return pack_.kind.repayment;
    case Purpose::Fee: return pack_.kind.fee;
    case Purpose::Interest:
    case Purpose::Penalty: return pack_.kind.interest;
    case Purpose::Pension: return pack_.kind.pension;
    case Purpose::Leasing:
    case Purpose::None: break;
  }
  return otherwise;
}

std::int64_t Loader::kind_of(const Transaction& t) const {
  switch (t.channel) {
    case Channel::Card: return kind_of(t.purpose, pack_.kind.card);
    case Channel::CashIn: return kind_of(t.purpose, pack_.kind.deposit);
    case Channel::CashOut: return kind_of(t.purpose, pack_.kind.withdrawal);
    case Channel::FromBank: return kind_of(t.purpose, pack_.kind.transfer_in);
    case Channel::ToBank: return kind_of(t.purpose, pack_.kind.transfer_out);
    case Channel::None: break;
  }
  return kind_of(t.purpose, pack_.kind.other);
}

// Only what the file says: cash is the counter, a card a card, and what the
// bank books by itself is automatic. How a transfer was ordered is not told.
Value Loader::channel_of(const Transaction& t) const {
  const bool by_bank =
      t.purpose == Purpose::Interest || t.purpose == Purpose::Penalty || t.purpose == Purpose::Fee;
  if (by_bank) return pack_.channel.automatic;
  if (t.channel == Channel::Card) return pack_.channel.card;
  if (t.channel == Channel::CashIn || t.channel == Channel::CashOut) return pack_.channel.counter;
  return {};
}

// A copy without numbers is told apart by what a row says; equal rows by their
// count, so that the same file gives the same keys again.
std::string Loader::key_of(const Transaction& t) {
  if (t.id != 0) return "trans/" + std::to_string(t.id);
  std::string key = "trans/" + std::to_string(t.account) + "/" + std::to_string(t.day) + "/" +
                    std::to_string(t.signed_minor) + "/" + std::to_string(t.balance_minor);
  const int before = same_key_[key]++;
  return before == 0 ? key : key + "/" + std::to_string(before);
}

Status Loader::transaction(const Transaction& t, RowId account, std::vector<RowWrite>& rows) {
  std::string text(word_of(t.channel));
  if (t.purpose != Purpose::None) {
    if (!text.empty()) text += ", ";
    text += word_of(t.purpose);
  }
  Status put =
      ledger_.put(key_of(t), pack_.transaction,
                  {account, t.day, t.signed_minor, t.balance_minor, kind_of(t), channel_of(t),
                   text_or_null(std::move(text)), text_or_null(t.partner), text_or_null(t.bank),
                   t.id != 0 ? Value{std::to_string(t.id)} : Value{}, kCurrency},
                  rows);
  if (put || put.error().code != ErrorCode::Refused) return put;
  report_.rejects.push_back({data_.transaction_files[t.file].name, t.line, put.error().detail});
  return {};
}

// Only an owner has the account in his own record; a person who may use it is
// an edge, written in both records.
Status Loader::relations(const Client& client, const Dossier& dossier,
                         std::vector<RowWrite>& rows) {
  const auto edge = [&](const std::string& key, std::int64_t other, const Disposition& d,
                        const Value& mirror_of) {
    return ledger_.put(key, pack_.relation,
                       {ledger_.row_of(client_key(other)), "Klient " + padded(other, 5),
                        pack_.relation_other, "DISPONENT " + std::to_string(d.account), mirror_of},
                       rows);
  };
  const auto key = [](const char* side, const Disposition& d) {
    return std::string(side) + std::to_string(d.id);
  };
  for (const Disposition* mine : dossier.dispositions) {
    if (!mine->owner) {
      const std::int64_t owner = data_.clients[linked_.owners.at(mine->account)].id;
      TRY(edge(key("disp/", *mine), owner, *mine, {}));
      continue;
    }
    for (const Disposition* other : dispositions_[mine->account]) {
      if (other->owner || other->client == client.id) continue;
      TRY(edge(key("disp-mirror/", *other), other->client, *other,
               ledger_.row_of(key("disp/", *other))));
    }
  }
  return {};
}

}  // namespace banyan::berka
