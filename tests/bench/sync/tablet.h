// Banyan's own two ends in one process, on files: the server's store with its sync
// session, and a tablet's replica with its. What a network would carry is counted.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/storage/replica.h"
#include "shared/storage/server_store.h"
#include "shared/sync/client.h"
#include "shared/sync/server.h"
#include "tests/bench/sync/setting.h"
#include "tests/bench/workload.h"

namespace banyan::bench {

// The workload's customer, with the merge kinds that the base pack gives such fields.
const Catalogue& bench_catalogue();

// What syncing cost at each place, and what it sent.
struct Carried {
  Cost ask, serve, take;  // make_request(), Server::handle(), handle_reply()
  std::size_t up = 0, down = 0, rounds = 0;
  Carried& operator+=(const Carried& other);
};

class Headquarters {
 public:
  Headquarters(const std::string& path, const Setting& setting);

  // A person who sees everything.
  RowId analyst() const { return analyst_; }
  ServerStore& store() { return *store_; }
  const SigningKey& key() const { return key_; }
  // As the server's worker does: one group, durable before the answer goes out.
  Bytes serve(ByteView request);

  static constexpr std::uint32_t kOrganisation = 9;

 private:
  RowId create(std::uint32_t entity, std::vector<CellWrite> cells);

  SystemClock clock_;
  SystemRandom random_;
  SigningKey key_;
  std::unique_ptr<Database> db_;
  std::unique_ptr<ServerStore> store_;
  std::unique_ptr<sync::Server> server_;
  RowId analyst_{};
};

class Tablet {
 public:
  Tablet(Headquarters& headquarters, PageStore& store, const std::string& name,
         const Setting& setting);

  void create(std::span<const Customer> customers, std::size_t at_once);
  // `rows`: the customers' ids in the order of the workload.
  void edit(std::span<const Edit> edits, std::size_t at_once, std::span<const RowId> rows);
  // Those that create() made.
  const std::vector<RowId>& rows() const { return rows_; }

  // Until nothing is left to send or to fetch.
  Carried sync();

  Replica& replica() { return *replica_; }
  Database& database() { return *db_; }

 private:
  Headquarters& headquarters_;
  SystemClock clock_;
  SystemRandom random_;
  SigningKey key_;
  std::unique_ptr<Database> db_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<sync::Client> client_;
  std::vector<RowId> rows_;
};

}  // namespace banyan::bench
