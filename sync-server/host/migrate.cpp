// `migrate`: a bank moves from the data folder's SQLite into PostgreSQL.
#include <cstdio>

#include "shared/storage/sqlite_server_tables.h"
#include "shared/sync/enrol.h"
#include "sync-server/host/bank.h"
#include "sync-server/host/commands.h"
#include "sync-server/postgres/connection.h"
#include "sync-server/postgres/postgres_tables.h"

namespace banyan::server {
namespace {

// Everything that can be told apart: the log with its order, the rows, who has which number.
Status compare(ServerStore& from, ServerStore& to) {
  TRY_ASSIGN(const ServerStore::Checked left, from.verify_log());
  TRY_ASSIGN(const ServerStore::Checked right, to.verify_log());
  TRY_ASSIGN(const Hash256 left_state, from.state_hash());
  TRY_ASSIGN(const Hash256 right_state, to.state_hash());
  TRY_ASSIGN(const auto left_devices, from.devices());
  TRY_ASSIGN(const auto right_devices, to.devices());
  if (left.commits != right.commits || left.signatures != right.signatures ||
      from.order() != to.order()) {
    return fail(ErrorCode::Corrupt, "the copy's log is not the bank's");
  }
  if (left_state != right_state) return fail(ErrorCode::Corrupt, "the copy's rows differ");
  if (left_devices.size() != right_devices.size() || from.epoch() != to.epoch() ||
      from.stable() != to.stable()) {
    return fail(ErrorCode::Corrupt, "the copy's devices or epochs differ");
  }
  std::printf(
      "Both hold %llu commits and %llu signatures, up to %llu, in epoch %u;\n"
      "order %s,\nrows %s.\n",
      static_cast<unsigned long long>(right.commits),
      static_cast<unsigned long long>(right.signatures), static_cast<unsigned long long>(to.head()),
      to.epoch(), to_hex(to.order().view()).c_str(), to_hex(right_state.view()).c_str());
  return {};
}

// Every set of packs that was ever in use, by its number.
Status copy_packs(const std::filesystem::path& kept, std::uint32_t newest, postgres::Shelf& shelf) {
  for (std::uint32_t set = 1; set <= newest; ++set) {
    auto canonical = read_text(kept_path(kept, set), sync::kCatalogueBytesMax);
    if (!canonical && canonical.error().code == ErrorCode::NotFound) continue;
    if (!canonical) return canonical.error();
    TRY(shelf.publish({set, std::move(*canonical)}));
  }
  return {};
}

Status run_migrate(const MigrateSettings& settings) {
  TRY_ASSIGN(const bool postgres, is_postgres(settings.bank.store));
  if (!postgres) return fail(ErrorCode::Invalid, "--store says where the bank goes");
  if (!std::filesystem::exists(database_path(settings.bank.data))) {
    return fail(ErrorCode::NotFound, "there is no bank in " + settings.bank.data.string());
  }
  BankSettings here = settings.bank;
  here.store.clear();
  TRY_ASSIGN(const std::unique_ptr<Bank> from, Bank::open(here, Bank::Use::Write));
  TRY_ASSIGN(std::unique_ptr<postgres::PostgresTables> target,
             postgres::PostgresTables::open(settings.bank.store, from->packs().catalogue,
                                            from->organisation().number));
  const auto there = target->head();
  if (there) return fail(ErrorCode::Conflict, "that database holds a bank already");
  if (there.error().code != ErrorCode::NotFound) return there.error();
  const auto left_over = target->order_at(1);
  if (left_over) {
    return fail(ErrorCode::Conflict,
                "that database holds the rest of a copy that was interrupted: make it anew");
  }
  TRY_ASSIGN(const std::unique_ptr<postgres::Shelf> shelf,
             postgres::Shelf::open(settings.bank.store, from->organisation().number));
  TRY(copy_packs(settings.bank.data / "packs", from->packs().number, *shelf));
  TRY_ASSIGN(const std::unique_ptr<SqliteServerTables> source,
             SqliteServerTables::open(from->database(), from->packs().catalogue));
  if (Status copied = source->copy_to(*target); !copied) {
    target->roll_back();
    return copied;
  }
  // Without statistics each bundle is planned as if the tables were empty, until autovacuum comes.
  TRY_ASSIGN(const std::unique_ptr<postgres::Connection> planner,
             postgres::Connection::open(settings.bank.store));
  TRY(planner->script("ANALYZE"));
  TRY_ASSIGN(const std::unique_ptr<Bank> to, Bank::open(settings.bank, Bank::Use::Look));
  TRY(compare(from->store(), to->store()));
  std::printf("Serve it with --store from now on; %s stays as it is.\n",
              database_path(settings.bank.data).c_str());
  return from->close();
}

}  // namespace

int migrate(const MigrateSettings& settings) {
  const Status done = run_migrate(settings);
  return done ? 0 : complain(done.error());
}

}  // namespace banyan::server
