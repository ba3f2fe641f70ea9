#include "tests/bench/sync/floor.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unordered_map>

#include "shared/storage/transaction.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;
constexpr std::size_t kTextMax = 1 << 16;
constexpr const char* kInsert =
    "INSERT INTO customer(id,uuid,name,id_no,phone,gender,birth_date,branch_id,officer_id,"
    "risk_level,aum,kyc_status,note) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)";
constexpr std::array<const char*, kColumns> kNames = {
    "uuid",      "name",       "id_no",      "phone", "gender",     "birth_date",
    "branch_id", "officer_id", "risk_level", "aum",   "kyc_status", "note"};

std::int64_t whole(std::string_view digits) {
  return std::strtoll(std::string(digits).c_str(), nullptr, 10);
}

}  // namespace

Floor::Floor(PageStore& store, const std::string& name, const Setting& setting)
    : db_(open_file(store, name, setting)) {
  must(db_->exec(
      "CREATE TABLE customer(id INTEGER PRIMARY KEY, uuid TEXT, name TEXT, id_no TEXT, phone TEXT,"
      " gender TEXT, birth_date TEXT, branch_id TEXT, officer_id TEXT, risk_level TEXT,"
      " aum INTEGER, kyc_status TEXT, note TEXT)"));
}

void Floor::create(std::span<const Customer> customers, std::size_t at_once) {
  while (!customers.empty()) {
    Transaction change = must(Transaction::begin(*db_));
    {
      Statement insert = must(db_->statement(kInsert));
      for (const Customer& customer : customers.first(std::min(at_once, customers.size()))) {
        insert.bind(1, ++rows_);
        for (std::size_t column = 0; column < kColumns; ++column) {
          const int at = static_cast<int>(column) + 2;
          if (column == kAum) {
            insert.bind(at, whole(customer[column]));
          } else {
            insert.bind(at, customer[column]);
          }
        }
        must(insert.run());
      }
    }
    must(change.commit());
    customers = customers.subspan(std::min(at_once, customers.size()));
  }
}

void Floor::update(std::size_t column, std::int64_t id, std::string_view value) {
  static const auto kUpdates = [] {
    std::array<std::string, kColumns> out;
    for (std::size_t i = 0; i < kColumns; ++i) {
      out[i] = std::string("UPDATE customer SET ") + kNames[i] + "=?1 WHERE id=?2";
    }
    return out;
  }();
  Statement statement = must(db_->statement(kUpdates[column]));
  if (column == kAum) {
    statement.bind(1, whole(value));
  } else {
    statement.bind(1, value);
  }
  statement.bind(2, id);
  must(statement.run());
}

void Floor::edit(std::span<const Edit> edits, std::size_t at_once) {
  while (!edits.empty()) {
    const auto part = edits.first(std::min(at_once, edits.size()));
    Transaction change = must(Transaction::begin(*db_));
    for (const Edit& e : part) update(e.column, std::int64_t{e.customer} + 1, e.value);
    must(change.commit());
    edits = edits.subspan(part.size());
  }
}

std::vector<Bytes> Floor::extract() {
  std::vector<Bytes> messages;
  ByteWriter out;
  std::size_t rows = 0;
  Statement all = must(db_->statement("SELECT * FROM customer"));
  while (must(all.step())) {
    out.svarint(all.integer(0));
    for (int column = 1; column <= static_cast<int>(kColumns); ++column) {
      if (column == static_cast<int>(kAum) + 1) {
        out.svarint(all.integer(column));
      } else {
        out.block(all.text(column));
      }
    }
    if (++rows % kRowsAtOnce == 0) messages.push_back(out.take());
    if (rows % kRowsAtOnce == 0) out = ByteWriter();
  }
  if (out.size() > 0) messages.push_back(out.take());
  return messages;
}

void Floor::apply(std::span<const Bytes> messages) {
  for (const Bytes& message : messages) {
    Transaction change = must(Transaction::begin(*db_));
    {
      Statement insert = must(db_->statement(kInsert));
      ByteReader in(message);
      while (!in.done()) {
        insert.bind(1, in.svarint());
        for (std::size_t column = 0; column < kColumns; ++column) {
          const int at = static_cast<int>(column) + 2;
          if (column == kAum) {
            insert.bind(at, in.svarint());
          } else {
            insert.bind(at, in.text(kTextMax));
          }
        }
        must(insert.run());
        ++rows_;
      }
      expect(in.ok(), "the floor's message");
    }
    must(change.commit());
  }
}

std::vector<Bytes> Floor::list_of(std::span<const Edit> edits) {
  std::vector<Bytes> messages;
  ByteWriter out;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    out.varint(edits[i].customer);
    out.varint(edits[i].column);
    out.varint(i);
    out.block(edits[i].value);
    if ((i + 1) % kRowsAtOnce != 0 && i + 1 != edits.size()) continue;
    messages.push_back(out.take());
    out = ByteWriter();
  }
  return messages;
}

void Floor::replay(std::span<const Edit> own, std::span<const Bytes> messages, bool second) {
  std::unordered_map<std::size_t, std::size_t> newest;
  for (std::size_t i = 0; i < own.size(); ++i) {
    newest[own[i].customer * kColumns + own[i].column] = i;
  }
  Transaction change = must(Transaction::begin(*db_));
  for (const Bytes& message : messages) {
    ByteReader in(message);
    while (!in.done()) {
      const auto customer = static_cast<std::size_t>(in.varint());
      const auto column = static_cast<std::size_t>(in.varint());
      const auto number = static_cast<std::size_t>(in.varint());
      const std::string_view value = in.text(kTextMax);
      const auto at = newest.find(customer * kColumns + column);
      if (at != newest.end() && (at->second > number || (at->second == number && second))) continue;
      update(column, static_cast<std::int64_t>(customer) + 1, value);
    }
    expect(in.ok(), "the floor's list");
  }
  must(change.commit());
}

std::int64_t Floor::newest() { return must(db_->query_int("SELECT max(id) FROM customer")); }

}  // namespace banyan::bench
