#include "shared/storage/import_keys.h"

namespace banyan {

Status ImportKeys::create() {
  return db_.exec(
      "CREATE TABLE IF NOT EXISTS import_key(source TEXT NOT NULL, key TEXT NOT NULL,"
      " row INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY(source,key)) WITHOUT ROWID");
}

Result<std::vector<ImportKey>> ImportKeys::all(std::string_view source) {
  std::vector<ImportKey> keys;
  TRY_ASSIGN(Statement read,
             db_.statement("SELECT key, row, digest FROM import_key WHERE source=?1"));
  read.bind(1, source);
  while (true) {
    TRY_ASSIGN(const bool more, read.step());
    if (!more) return keys;
    keys.push_back({std::string(read.text(0)), read.row_id(1), std::string(as_text(read.blob(2)))});
  }
}

Status ImportKeys::put(std::string_view source, std::span<const ImportKey> keys) {
  TRY_ASSIGN(Statement write,
             db_.statement("INSERT INTO import_key(source, key, row, digest) VALUES(?1,?2,?3,?4)"
                           " ON CONFLICT DO UPDATE SET row=excluded.row, digest=excluded.digest"));
  write.bind(1, source);
  for (const ImportKey& key : keys) {
    write.bind(2, key.key);
    write.bind(3, key.row);
    write.bind(4, as_bytes(key.digest));
    TRY(write.run());
  }
  return {};
}

}  // namespace banyan
