#include "sync-server/import/berka_files.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sync-server/import/line_table.h"
#include "sync-server/import/record.h"

namespace banyan::berka {
namespace {

namespace fs = std::filesystem;

template <class T>
struct Word {
  std::string_view text;
  T meaning;
};

// The same three columns are spelt in Czech in the bank's own files, and in two
// English ways in the others. Anything else is rejected, never guessed.
constexpr std::array kDirections{
    Word<int>{"PRIJEM", 1},      Word<int>{"VYDAJ", -1},
    Word<int>{"VYBER", -1},      Word<int>{"credit", 1},
    Word<int>{"debit", -1},      Word<int>{"cash_withdraw", -1},
    Word<int>{"withdrawal", -1}, Word<int>{"withdrawal in cash", -1},
};
constexpr std::array kChannels{
    Word<Channel>{"", Channel::None},
    Word<Channel>{"VYBER KARTOU", Channel::Card},
    Word<Channel>{"VKLAD", Channel::CashIn},
    Word<Channel>{"VYBER", Channel::CashOut},
    Word<Channel>{"PREVOD Z UCTU", Channel::FromBank},
    Word<Channel>{"PREVOD NA UCET", Channel::ToBank},
    Word<Channel>{"credit_card_withdrawal", Channel::Card},
    Word<Channel>{"deposit", Channel::CashIn},
    Word<Channel>{"withdraw_cash", Channel::CashOut},
    Word<Channel>{"collection_from_another_bank", Channel::FromBank},
    Word<Channel>{"transer_to_another_bank", Channel::ToBank},
    Word<Channel>{"interest_pmt", Channel::None},
    Word<Channel>{"credit card withdrawal", Channel::Card},
    Word<Channel>{"credit in cash", Channel::CashIn},
    Word<Channel>{"withdrawal in cash", Channel::CashOut},
    Word<Channel>{"collection from another bank", Channel::FromBank},
    Word<Channel>{"remittance to another bank", Channel::ToBank},
};
constexpr std::array kPurposes{
    Word<Purpose>{"", Purpose::None},
    Word<Purpose>{" ", Purpose::None},
    Word<Purpose>{"POJISTNE", Purpose::Insurance},
    Word<Purpose>{"SIPO", Purpose::Household},
    Word<Purpose>{"LEASING", Purpose::Leasing},
    Word<Purpose>{"UVER", Purpose::Loan},
    Word<Purpose>{"SLUZBY", Purpose::Fee},
    Word<Purpose>{"UROK", Purpose::Interest},
    Word<Purpose>{"SANKC. UROK", Purpose::Penalty},
    Word<Purpose>{"DUCHOD", Purpose::Pension},
    Word<Purpose>{"insurrance_pmt", Purpose::Insurance},
    Word<Purpose>{"household", Purpose::Household},
    Word<Purpose>{"loan_pmt", Purpose::Loan},
    Word<Purpose>{"service", Purpose::Fee},
    Word<Purpose>{"interest_pmt", Purpose::Interest},
    Word<Purpose>{"sanction_interest", Purpose::Penalty},
    Word<Purpose>{"pension", Purpose::Pension},
    Word<Purpose>{"insurrance payment", Purpose::Insurance},
    Word<Purpose>{"loan payment", Purpose::Loan},
    Word<Purpose>{"payment for statement", Purpose::Fee},
    Word<Purpose>{"interest credited", Purpose::Interest},
    Word<Purpose>{"sanction interest if negative balance", Purpose::Penalty},
    Word<Purpose>{"old-age pension", Purpose::Pension},
};
constexpr std::array kFrequencies{
    Word<Frequency>{"POPLATEK MESICNE", Frequency::Monthly},
    Word<Frequency>{"POPLATEK TYDNE", Frequency::Weekly},
    Word<Frequency>{"POPLATEK PO OBRATU", Frequency::AfterEach},
};
constexpr std::array kCards{
    Word<CardKind>{"junior", CardKind::Junior},
    Word<CardKind>{"classic", CardKind::Classic},
    Word<CardKind>{"gold", CardKind::Gold},
};
constexpr std::array kOwners{Word<bool>{"OWNER", true}, Word<bool>{"DISPONENT", false}};

void district_of(RecordReader& in, District& d) {
  d.id = in.positive("A1");
  d.name = in.text("A2", 60);
  d.region = in.text("A3", 60);
  d.people = in.positive("A4");
}

// YYMMDD; for women the month has 50 added.
void client_of(RecordReader& in, Client& c) {
  c.id = in.positive("client_id");
  c.district = in.positive("district_id");
  std::string born = in.text("birth_number", 6);
  if (born.size() == 6 && born[2] >= '5') {
    c.woman = true;
    born[2] = static_cast<char>(born[2] - 5);
  }
  const auto day = parse_day(born);
  if (day) {
    c.born_day = *day;
  } else {
    in.reject("birth_number", "holds no date");
  }
}

void account_of(RecordReader& in, Account& a) {
  a.id = in.positive("account_id");
  a.district = in.positive("district_id");
  a.frequency = in.word("frequency", kFrequencies);
  a.opened_day = in.day("date");
}

void disposition_of(RecordReader& in, Disposition& d) {
  d.id = in.positive("disp_id");
  d.client = in.positive("client_id");
  d.account = in.positive("account_id");
  d.owner = in.word("type", kOwners);
}

void order_of(RecordReader& in, Order& o) {
  o.id = in.positive("order_id");
  o.account = in.positive("account_id");
  o.bank_to = in.text("bank_to", 2);
  o.account_to = in.text("account_to", 20);
  o.amount_minor = in.amount("amount");
  o.purpose = in.word("k_symbol", kPurposes);
}

void loan_of(RecordReader& in, Loan& l) {
  l.id = in.positive("loan_id");
  l.account = in.positive("account_id");
  l.day = in.day("date");
  l.amount_minor = in.amount("amount");
  l.months = in.positive("duration");
  l.payment_minor = in.amount("payments");
  const std::string status = in.text("status", 1);
  if (status.size() == 1 && status[0] >= 'A' && status[0] <= 'D') {
    l.status = status[0];
  } else {
    in.reject("status", "is none of A, B, C, D");
  }
}

void card_of(RecordReader& in, Card& c) {
  c.id = in.positive("card_id");
  c.disposition = in.positive("disp_id");
  c.kind = in.word("type", kCards);
  std::string issued = in.text("issued", 20);
  const auto day = parse_day(std::string_view(issued).substr(0, issued.find(' ')));
  if (day) {
    c.issued_day = *day;
  } else {
    in.reject("issued", "holds no date");
  }
}

// One file writes account 576 as A0000000576.
std::string_view bare_account(std::string_view text) {
  if (text.starts_with('A')) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  return text;
}

void transaction_of(RecordReader& in, Transaction& t) {
  if (in.has("trans_id")) t.id = in.positive("trans_id");
  const auto account = parse_integer(bare_account(in.view("account_id")));
  if (account && *account > 0) {
    t.account = *account;
  } else {
    in.reject("account_id", "is no number");
  }
  t.day = in.day("date");
  const int direction = in.word("type", kDirections);
  t.channel = in.word("operation", kChannels);
  t.signed_minor = direction * in.amount("amount");
  t.balance_minor = in.balance("balance");
  t.purpose = in.word("k_symbol", kPurposes);
  t.bank = in.text("bank", 2);
  t.partner = in.text("account", 20);
}

// Reads one file; `read` fills a row from a line.
template <class T, class Read>
Status read_file(LineTable table, Read read, std::vector<T>& rows, ImportReport& report) {
  RecordReader in(table);
  FileTotals totals{table.name()};
  const std::size_t rejected_before = report.rejects.size();
  while (in.next(report.rejects)) {
    T row;
    row.line = in.line();
    read(in, row);
    if (in.accepted()) {
      rows.push_back(std::move(row));
    } else {
      report.rejects.push_back({table.name(), in.line(), in.reason()});
    }
  }
  totals.read = in.lines_read();
  totals.rejected = report.rejects.size() - rejected_before;
  totals.accepted = totals.read - totals.rejected;
  report.files.push_back(std::move(totals));
  return {};
}

Status require_columns(const LineTable& table, std::initializer_list<const char*> names) {
  for (const char* name : names) TRY(table.column(name));
  return {};
}

// `name` itself, or `name`.gz.
Result<LineTable> open(const fs::path& dir, const std::string& name,
                       std::initializer_list<const char*> columns) {
  std::error_code error;
  fs::path path = dir / name;
  if (!fs::exists(path, error)) path += ".gz";
  TRY_ASSIGN(LineTable table, LineTable::open(path, ';'));
  TRY(require_columns(table, columns));
  return table;
}

bool holds_transactions(const std::string& name) {
  const auto ends = [&name](std::string_view end) { return name.ends_with(end); };
  return name.starts_with("trans") &&
         (ends(".asc") || ends(".csv") || ends(".asc.gz") || ends(".csv.gz"));
}

Result<std::vector<fs::path>> transaction_paths(const fs::path& dir) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    if (holds_transactions(at->path().filename().string())) paths.push_back(at->path());
  }
  if (error) return fail(ErrorCode::Io, "cannot list " + dir.string());
  if (paths.empty())
    return fail(ErrorCode::NotFound, "no trans*.asc or trans*.csv in " + dir.string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Whole crowns throughout: the copy that was rounded when it was made.
bool is_rounded(const std::vector<Transaction>& rows, std::size_t first) {
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (rows[i].signed_minor % 100 != 0 || rows[i].balance_minor % 100 != 0) return false;
  }
  return true;
}

Status read_transactions(const fs::path& path, Data& data, ImportReport& report) {
  TRY_ASSIGN(LineTable table, LineTable::open(path, ';'));
  if (!table.has_column("account_id")) {  // one copy has commas
    TRY_ASSIGN(table, LineTable::open(path, ','));
  }
  TRY(require_columns(table, {"account_id", "date", "type", "operation", "amount", "balance",
                              "k_symbol", "bank", "account"}));
  const auto file = static_cast<std::uint32_t>(data.transaction_files.size());
  const std::size_t first = data.transactions.size();
  data.transaction_files.push_back({table.name()});
  const auto read = [file, &data](RecordReader& in, Transaction& row) {
    row.file = file;
    transaction_of(in, row);
    if (!in.accepted() && row.account > 0) data.spoilt.accounts.push_back(row.account);
  };
  const std::size_t known_before = data.spoilt.accounts.size();
  TRY(read_file(std::move(table), read, data.transactions, report));
  const std::size_t known = data.spoilt.accounts.size() - known_before;
  data.spoilt.lines_anywhere += report.files.back().rejected - known;
  data.transaction_files.back().rounded = is_rounded(data.transactions, first);
  for (std::size_t i = first; i < data.transactions.size(); ++i) {
    const std::int64_t minor = data.transactions[i].signed_minor;
    (minor > 0 ? report.files.back().in_minor : report.files.back().out_minor) +=
        minor > 0 ? minor : -minor;
  }
  return {};
}

}  // namespace

Result<Data> read_files(const fs::path& dir, ImportReport& report) {
  Data data;
  TRY_ASSIGN(LineTable districts, open(dir, "district.asc", {"A1", "A2", "A3", "A4"}));
  TRY(read_file(std::move(districts), district_of, data.districts, report));
  TRY_ASSIGN(LineTable clients,
             open(dir, "client.asc", {"client_id", "birth_number", "district_id"}));
  TRY(read_file(std::move(clients), client_of, data.clients, report));
  TRY_ASSIGN(LineTable accounts,
             open(dir, "account.asc", {"account_id", "district_id", "frequency", "date"}));
  TRY(read_file(std::move(accounts), account_of, data.accounts, report));
  TRY_ASSIGN(LineTable dispositions,
             open(dir, "disp.asc", {"disp_id", "client_id", "account_id", "type"}));
  TRY(read_file(std::move(dispositions), disposition_of, data.dispositions, report));
  TRY_ASSIGN(LineTable orders,
             open(dir, "order.asc",
                  {"order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol"}));
  TRY(read_file(std::move(orders), order_of, data.orders, report));
  TRY_ASSIGN(LineTable loans,
             open(dir, "loan.asc",
                  {"loan_id", "account_id", "date", "amount", "duration", "payments", "status"}));
  TRY(read_file(std::move(loans), loan_of, data.loans, report));
  TRY_ASSIGN(LineTable cards, open(dir, "card.asc", {"card_id", "disp_id", "type", "issued"}));
  TRY(read_file(std::move(cards), card_of, data.cards, report));

  TRY_ASSIGN(const std::vector<fs::path> paths, transaction_paths(dir));
  for (const fs::path& path : paths) TRY(read_transactions(path, data, report));
  return data;
}

}  // namespace banyan::berka
