#include "sync-server/import/berka_links.h"

#include <algorithm>
#include <unordered_set>

namespace banyan::berka {
namespace {

using Numbers = std::unordered_set<std::int64_t>;

FileTotals& totals_of(ImportReport& report, const std::string& file) {
  for (FileTotals& totals : report.files) {
    if (totals.file == file) return totals;
  }
  BANYAN_CHECK(false);
}

void reject(ImportReport& report, const std::string& file, std::uint64_t line, const char* reason) {
  FileTotals& totals = totals_of(report, file);
  --totals.accepted;
  ++totals.rejected;
  report.rejects.push_back({file, line, reason});
}

// Keeps the rows for which `why` returns nothing; returns their numbers.
template <class T, class Why>
Numbers keep(std::vector<T>& rows, const std::string& file, ImportReport& report, Why why) {
  Numbers numbers;
  numbers.reserve(rows.size());
  const auto gone = std::remove_if(rows.begin(), rows.end(), [&](const T& row) {
    const char* reason = why(row);
    if (reason == nullptr && !numbers.insert(row.id).second) reason = "this number came before";
    if (reason == nullptr) return false;
    reject(report, file, row.line, reason);
    return true;
  });
  rows.erase(gone, rows.end());
  return numbers;
}

// The tables come in this order from read_files().
struct FileNames {
  explicit FileNames(const ImportReport& report) {
    BANYAN_CHECK(report.files.size() >= 7);
    district = report.files[0].file;
    client = report.files[1].file;
    account = report.files[2].file;
    disposition = report.files[3].file;
    order = report.files[4].file;
    loan = report.files[5].file;
    card = report.files[6].file;
  }
  std::string district, client, account, disposition, order, loan, card;
};

void keep_transactions(Data& data, const Numbers& accounts, ImportReport& report) {
  Numbers seen;
  const auto why = [&](const Transaction& row) -> const char* {
    if (!accounts.contains(row.account)) return "account_id leads to no accepted account";
    if (row.id != 0 && !seen.insert(row.id).second) return "this number came before";
    return nullptr;
  };
  std::erase_if(data.transactions, [&](const Transaction& row) {
    const char* reason = why(row);
    if (reason == nullptr) return false;
    reject(report, data.transaction_files[row.file].name, row.line, reason);
    data.spoilt.accounts.push_back(row.account);
    return true;
  });
}

}  // namespace

OwnerOf link(Data& data, ImportReport& report) {
  const FileNames name(report);
  const auto always = [](const auto&) -> const char* { return nullptr; };
  const Numbers districts = keep(data.districts, name.district, report, always);
  const auto in_district = [&](const auto& row) -> const char* {
    return districts.contains(row.district) ? nullptr : "district_id leads to no district";
  };
  const Numbers clients = keep(data.clients, name.client, report, in_district);
  Numbers accounts = keep(data.accounts, name.account, report, in_district);

  Numbers owned;
  const Numbers dispositions =
      keep(data.dispositions, name.disposition, report, [&](const Disposition& row) -> const char* {
        if (!clients.contains(row.client)) return "client_id leads to no accepted client";
        if (!accounts.contains(row.account)) return "account_id leads to no accepted account";
        if (row.owner && !owned.insert(row.account).second)
          return "the account has an owner already";
        return nullptr;
      });
  accounts = keep(data.accounts, name.account, report, [&](const Account& row) {
    return owned.contains(row.id) ? nullptr : "no line of disp names an owner";
  });
  const auto of_account = [&](const auto& row) -> const char* {
    return accounts.contains(row.account) ? nullptr : "account_id leads to no accepted account";
  };
  keep(data.orders, name.order, report, of_account);
  keep(data.loans, name.loan, report, of_account);
  keep(data.cards, name.card, report, [&](const Card& row) {
    return dispositions.contains(row.disposition) ? nullptr : "disp_id leads to no disposition";
  });
  keep_transactions(data, accounts, report);
  std::erase_if(data.dispositions,
                [&](const Disposition& row) { return !accounts.contains(row.account); });

  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < data.clients.size(); ++i) place[data.clients[i].id] = i;
  OwnerOf owners;
  for (const Disposition& row : data.dispositions) {
    if (row.owner) owners[row.account] = place[row.client];
  }
  return owners;
}

}  // namespace banyan::berka
