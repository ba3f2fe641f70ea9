// What a person's database holds besides the rows: identity, keys and the
// catalogue, as enrolment gave them. All of it lies inside the encrypted file.
#pragma once

#include <string>

#include "shared/crypto/box.h"
#include "shared/crypto/sign.h"
#include "shared/storage/database.h"
#include "shared/sync/enrol.h"

namespace banyan {

struct Vault {
  sync::EnrolReply enrolment;
  SignSeed sign_seed;
  BoxSecret box_secret;
  std::uint32_t catalogue = 0;  // number of `packs`
  std::string packs;            // canonical_packs()

  // In the caller's transaction.
  static Status create_tables(Database& db);
  Status store(Database& db) const;
  static Status store_catalogue(Database& db, const sync::CatalogueReply& reply);
  // When everything was last in step with headquarters, by this device's clock; 0: never. Ours
  // alone, and no part of what is synced.
  static Status store_last_sync(Database& db, std::int64_t wall_ms);
  static Result<std::int64_t> last_sync(Database& db);

  // Keys for another number of this device: made and kept when first asked for, in a transaction
  // of its own.
  struct NextKeys {
    SigningKey sign_key;
    BoxKey box_key;
  };
  static Result<NextKeys> next_keys(Database& db, Random& random);
  // They are the device's now, with this enrolment. In the caller's transaction.
  static Status take_next(Database& db, const sync::EnrolReply& enrolment);

  // NotFound in a database that enrolment never finished.
  static Result<Vault> load(Database& db);
};

}  // namespace banyan
