// The Czech bank's files as typed rows (PKDD'99, "Berka"). Reading only: each
// line is checked by itself here; what one file says about another is checked
// in berka_links.h, balances in reconcile.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "sync-server/import/import.h"
#include "sync-server/import/reconcile.h"

namespace banyan::berka {

struct District {
  std::uint64_t line = 0;
  std::int64_t id = 0, people = 0;
  std::string name, region;
};

struct Client {
  std::uint64_t line = 0;
  std::int64_t id = 0, district = 0, born_day = 0;
  bool woman = false;  // the month of the birth number had 50 added
};

enum class Frequency : std::uint8_t { Monthly, Weekly, AfterEach };

struct Account {
  std::uint64_t line = 0;
  std::int64_t id = 0, district = 0, opened_day = 0;
  Frequency frequency{};
};

struct Disposition {
  std::uint64_t line = 0;
  std::int64_t id = 0, client = 0, account = 0;
  bool owner = false;  // else a person who may only use the account
};

// k_symbol: what a payment is for.
enum class Purpose : std::uint8_t {
  None,
  Insurance,
  Household,
  Leasing,
  Loan,
  Fee,
  Interest,
  Penalty,
  Pension
};

struct Order {
  std::uint64_t line = 0;
  std::int64_t id = 0, account = 0, amount_minor = 0;
  std::string bank_to, account_to;
  Purpose purpose{};
};

struct Loan {
  std::uint64_t line = 0;
  std::int64_t id = 0, account = 0, day = 0, amount_minor = 0, months = 0, payment_minor = 0;
  char status = 0;  // A paid, B ended unpaid, C running, D running and in debt
};

enum class CardKind : std::uint8_t { Junior, Classic, Gold };

struct Card {
  std::uint64_t line = 0;
  std::int64_t id = 0, disposition = 0, issued_day = 0;
  CardKind kind{};
};

enum class Channel : std::uint8_t { None, Card, CashIn, CashOut, FromBank, ToBank };

struct Transaction {
  std::uint64_t line = 0;
  std::uint32_t file = 0;  // place in `Data::transaction_files`
  std::int64_t id = 0;     // 0: this file gives none
  std::int64_t account = 0, day = 0;
  std::int64_t signed_minor = 0;  // in positive, out negative
  std::int64_t balance_minor = 0;
  Channel channel{};
  Purpose purpose{};
  std::string bank, partner;
};

struct TransactionFile {
  std::string name;
  bool rounded = false;  // whole crowns: every figure may be half a crown off
};

struct Data {
  std::vector<District> districts;
  std::vector<Client> clients;
  std::vector<Account> accounts;
  std::vector<Disposition> dispositions;
  std::vector<Order> orders;
  std::vector<Loan> loans;
  std::vector<Card> cards;
  std::vector<Transaction> transactions;
  std::vector<TransactionFile> transaction_files;  // in the order of their names
  Spoilt spoilt;                                   // by rejected transactions
};

// Reads every file of `dir`; fills `report.files` and `report.rejects`. A line
// that cannot be read is rejected, the others go on.
Result<Data> read_files(const std::filesystem::path& dir, ImportReport& report);

}  // namespace banyan::berka
