#include "sync-server/import/seeds.h"

#include "sync-server/import/draft_batch.h"

namespace banyan {
namespace {

constexpr std::string_view kSource = "pack";

std::string name_of(const Seed& seed) { return seed.entity + "/" + seed.key; }

// A Ref cell names another seed of the entity that its field points to.
Value value_of(const Entity& entity, const SeedCell& cell, const SeedRows& rows) {
  if (cell.key.empty()) return cell.value;
  const Field* field = entity.field(cell.field);
  BANYAN_CHECK(field != nullptr);
  const auto found = rows.find(field->ref + "/" + cell.key);
  BANYAN_CHECK(found != rows.end());  // the catalogue has checked its seeds
  return found->second;
}

}  // namespace

Result<SeedRows> install_seeds(ImportTarget& target, const Catalogue& catalogue) {
  SeedRows rows;
  TRY_ASSIGN(std::vector<ImportKey> known, target.keys(kSource));
  for (ImportKey& key : known) rows.emplace(std::move(key.key), key.row);

  std::vector<ImportKey> keys;
  std::vector<const Seed*> missing;
  for (const Seed& seed : catalogue.seeds()) {
    if (rows.contains(name_of(seed))) continue;
    rows.emplace(name_of(seed), target.mint());
    missing.push_back(&seed);
    keys.push_back({name_of(seed), rows[name_of(seed)], {}});
  }
  if (missing.empty()) return rows;

  DraftBatch batch([&](std::span<const Draft> drafts) -> Status {
    TRY(target.write(kSource, drafts, keys));
    keys.clear();
    return {};
  });
  for (const Seed* seed : missing) {
    const Entity* entity = catalogue.entity(seed->entity);
    BANYAN_CHECK(entity != nullptr);
    RowWrite row{entity->no, entity->fact ? Op::Fact : Op::Insert, rows[name_of(*seed)], 1, {}};
    for (const SeedCell& cell : seed->cells) {
      row.cells.push_back({cell.field, value_of(*entity, cell, rows), {}});
    }
    std::vector<RowWrite> writes;
    const RowId id = row.row;
    writes.push_back(std::move(row));
    TRY(batch.add(id, 0, std::move(writes)));
  }
  TRY(batch.flush());
  return rows;
}

}  // namespace banyan
