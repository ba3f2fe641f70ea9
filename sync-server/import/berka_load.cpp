#include "sync-server/import/berka_load.h"

#include <map>

#include "sync-server/import/berka_loader.h"
#include "sync-server/import/line_table.h"

namespace banyan::berka {
namespace {

constexpr std::size_t kCustomersPerOfficer = 120;

// SplitMix64: spreads the seed and a number over all bits.
std::uint64_t mix(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15ULL + number;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::string officer_no(std::int64_t district, std::size_t officer) {
  return padded(district, 3) + "-O" + std::to_string(officer);
}

}  // namespace

Status Loader::run() {
  index();
  TRY(organisation());
  TRY(products());
  std::uint64_t done = 0;
  for (const Client& client : data_.clients) {
    TRY(customer(client, dossiers_[done]));
    if (++done % 500 == 0) progress(done);
  }
  progress(done);
  return batch_.flush();
}

void Loader::progress(std::uint64_t done) const {
  if (options_.progress) options_.progress({"write", done, data_.clients.size()});
}

void Loader::index() {
  dossiers_.resize(data_.clients.size());
  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < data_.clients.size(); ++i) {
    place[data_.clients[i].id] = i;
    ++clients_in_[data_.clients[i].district];
  }
  for (const Account& a : data_.accounts) {
    accounts_[a.id] = &a;
    dossiers_[linked_.owners.at(a.id)].owned.push_back(&a);
  }
  for (const Disposition& d : data_.dispositions) {
    dossiers_[place[d.client]].dispositions.push_back(&d);
    dispositions_[d.account].push_back(&d);
  }
  for (const Order& o : data_.orders) orders_[o.account].push_back(&o);
  for (const Loan& l : data_.loans) loans_[l.account].push_back(&l);
  std::unordered_map<std::int64_t, std::int64_t> account_of;
  for (const Disposition& d : data_.dispositions) account_of[d.id] = d.account;
  for (const Card& c : data_.cards) cards_[account_of[c.disposition]].push_back(&c);
  for (const std::uint32_t at : linked_.transaction_order) {
    transactions_[data_.transactions[at].account].push_back(&data_.transactions[at]);
  }
  last_day_ = *parse_day(kLastDay);
}

Status Loader::root(const std::string& key, const Shape& shape,
                    std::initializer_list<Value> values) {
  std::vector<RowWrite> rows;
  TRY(ledger_.put(key, shape, values, rows));
  return batch_.add(ledger_.row_of(key), 0, std::move(rows));
}

RowId Loader::branch_of(std::int64_t district) {
  return ledger_.row_of("district/" + std::to_string(district));
}

std::size_t Loader::officers_in(std::int64_t district) const {
  const auto found = clients_in_.find(district);
  const std::size_t clients = found == clients_in_.end() ? 0 : found->second;
  return std::max<std::size_t>(1, (clients + kCustomersPerOfficer - 1) / kCustomersPerOfficer);
}

RowId Loader::officer_of(const Client& client) {
  const std::uint64_t which =
      mix(options_.seed, static_cast<std::uint64_t>(client.id)) % officers_in(client.district);
  return ledger_.row_of("staff/" + officer_no(client.district, which + 1));
}

// Bank, regions, districts: a tree of three levels, then who works there.
Status Loader::organisation() {
  TRY(root("bank", pack_.branch,
           {std::string("Ceska banka"),
            pack_.branch_kind.province,
            {},
            std::string("000"),
            std::int64_t{1}}));
  const RowId bank = ledger_.row_of("bank");
  TRY(root("staff/000-U", pack_.staff,
           {std::string("Ustredi, analytik"), std::string("000-U"), std::string("hq"), bank,
            std::int64_t{1}}));

  std::map<std::string, int> regions;  // in order of the file's district numbers
  for (const District& d : data_.districts) {
    const auto [region, is_new] =
        regions.try_emplace(d.region, static_cast<int>(regions.size()) + 1);
    if (!is_new) continue;
    TRY(root("region/" + d.region, pack_.branch,
             {d.region, pack_.branch_kind.county, bank, "R" + std::to_string(region->second),
              std::int64_t{1}}));
  }
  for (const District& d : data_.districts) {
    TRY(root("district/" + std::to_string(d.id), pack_.branch,
             {d.name, pack_.branch_kind.branch, ledger_.row_of("region/" + d.region),
              padded(d.id, 3), std::int64_t{1}}));
    TRY(branch_staff(d));
  }
  return {};
}

// The data names nobody: a manager, a teller and as many officers as the
// branch's clients need are made, named by what they are.
Status Loader::branch_staff(const District& district) {
  const auto member = [&](const std::string& no, const char* word, const char* role) {
    return root("staff/" + no, pack_.staff,
                {std::string(word) + " " + district.name + " " + no.substr(no.find('-') + 1), no,
                 std::string(role), branch_of(district.id), std::int64_t{1}});
  };
  TRY(member(padded(district.id, 3) + "-V", "Vedouci", "manager"));
  TRY(member(padded(district.id, 3) + "-P", "Pokladni", "teller"));
  for (std::size_t i = 1; i <= officers_in(district.id); ++i) {
    TRY(member(officer_no(district.id, i), "Poradce", "officer"));
  }
  return {};
}

Status Loader::products() {
  const auto product = [&](const char* code, const char* name, std::int64_t kind) {
    return root(std::string("product/") + code, pack_.product,
                {std::string(name), std::string(code), kind, std::int64_t{1}});
  };
  TRY(product("UCET", "Bezny ucet", pack_.product_kind.current));
  TRY(product("UVER", "Uver", pack_.product_kind.loan));
  TRY(product("KARTA-J", "Karta junior", pack_.product_kind.card));
  TRY(product("KARTA-C", "Karta classic", pack_.product_kind.card));
  return product("KARTA-G", "Karta gold", pack_.product_kind.card);
}

Status load(const Linked& linked, const Catalogue& catalogue, const ImportOptions& options,
            Ledger& ledger, ImportReport& report) {
  TRY_ASSIGN(const Pack pack, Pack::of(catalogue));
  return Loader(linked, pack, options, ledger, report).run();
}

}  // namespace banyan::berka
