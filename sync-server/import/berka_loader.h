// The state of one load of the Czech bank; see berka_load.h. The organisation is
// written in berka_load.cpp, a customer with all he has in berka_customer.cpp.
#pragma once

#include <algorithm>

#include "sync-server/import/berka_load.h"
#include "sync-server/import/berka_pack.h"

namespace banyan::berka {

// Everything of one client, by places in Data.
struct Dossier {
  std::vector<const Disposition*> dispositions;
  std::vector<const Account*> owned;
};

template <class T>
using ByAccount = std::unordered_map<std::int64_t, std::vector<const T*>>;

class Loader {
 public:
  Loader(const Linked& linked, const Pack& pack, const ImportOptions& options, Ledger& ledger,
         ImportReport& report)
      : data_(linked.data),
        linked_(linked),
        pack_(pack),
        options_(options),
        ledger_(ledger),
        report_(report),
        batch_([this](std::span<const Draft> drafts) { return ledger_.write(drafts); }) {}

  Status run();

 private:
  // What an account and its loans stand at, for the customer's own figures.
  struct Figures {
    Value assets, loans, at;
    void add(Value& sum, std::int64_t minor, std::int64_t at_ms) {
      sum = int_of(sum) + minor;
      at = std::max(int_of(at), at_ms);
    }
  };

  void progress(std::uint64_t done) const;
  void index();

  // A root of its own: one row, one commit.
  Status root(const std::string& key, const Shape& shape, std::initializer_list<Value> values);
  RowId branch_of(std::int64_t district);
  RowId officer_of(const Client& client);
  std::size_t officers_in(std::int64_t district) const;

  Status organisation();
  Status branch_staff(const District& district);
  Status products();
  Status customer(const Client& client, const Dossier& dossier);
  Status account(const Account& account, Figures& figures, std::vector<RowWrite>& rows);
  Status transaction(const Transaction& t, RowId account, std::vector<RowWrite>& rows);
  Status orders(const Account& account, std::vector<RowWrite>& rows);
  Status loan(const Loan& loan, const Account& account, Figures& figures,
              std::vector<RowWrite>& rows);
  Status card(const Card& card, const Account& account, std::vector<RowWrite>& rows);
  Status relations(const Client& client, const Dossier& dossier, std::vector<RowWrite>& rows);
  std::string key_of(const Transaction& t);
  std::int64_t kind_of(const Transaction& t) const;
  std::int64_t kind_of(Purpose purpose, std::int64_t otherwise) const;
  Value channel_of(const Transaction& t) const;

  const Data& data_;
  const Linked& linked_;
  const Pack& pack_;
  const ImportOptions& options_;
  Ledger& ledger_;
  ImportReport& report_;
  DraftBatch batch_;

  std::vector<Dossier> dossiers_;  // by place of the client
  std::unordered_map<std::int64_t, const Account*> accounts_;
  ByAccount<Disposition> dispositions_;
  ByAccount<Order> orders_;
  ByAccount<Loan> loans_;
  ByAccount<Card> cards_;
  ByAccount<Transaction> transactions_;
  std::unordered_map<std::int64_t, std::size_t> clients_in_;  // district
  std::unordered_map<std::string, int> same_key_;             // transactions without a number
  std::int64_t last_day_ = 0;
};

}  // namespace banyan::berka
