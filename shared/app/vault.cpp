#include "shared/app/vault.h"

#include "shared/storage/transaction.h"

namespace banyan {

namespace {

Status put(Database& db, std::string_view key, ByteView value) {
  return db.run("INSERT OR REPLACE INTO vault VALUES(?1,?2)", key, value);
}

Result<Bytes> get(Database& db, std::string_view key) {
  TRY_ASSIGN(Statement ask, db.statement("SELECT v FROM vault WHERE k=?1"));
  ask.bind(1, key);
  TRY_ASSIGN(const bool there, ask.step());
  if (!there) return fail(ErrorCode::NotFound, "vault: no " + std::string(key));
  const ByteView bytes = ask.blob(0);
  return Bytes(bytes.begin(), bytes.end());
}

Result<std::uint64_t> get_number(Database& db, std::string_view key) {
  TRY_ASSIGN(const Bytes bytes, get(db, key));
  ByteReader in(bytes);
  const std::uint64_t number = in.varint();
  TRY(in.finish("vault"));
  return number;
}

Status put_number(Database& db, std::string_view key, std::uint64_t number) {
  ByteWriter out;
  out.varint(number);
  return put(db, key, out.view());
}

}  // namespace

Status Vault::create_tables(Database& db) {
  return db.exec("CREATE TABLE IF NOT EXISTS vault(k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID");
}

Status Vault::store(Database& db) const {
  TRY(put_number(db, "device", number(enrolment.device)));
  TRY(put_number(db, "user", static_cast<std::uint64_t>(number(enrolment.user))));
  TRY(put_number(db, "organisation", enrolment.organisation));
  TRY(put(db, "organisation_name", as_bytes(enrolment.organisation_name)));
  TRY(put(db, "organisation_key", enrolment.organisation_key.view()));
  TRY(put(db, "server_box", enrolment.server_box.view()));
  TRY(put(db, "role", as_bytes(enrolment.role)));
  TRY(put_number(db, "lease_until", static_cast<std::uint64_t>(enrolment.lease.not_after_ms)));
  TRY(put_number(db, "joined_epoch", enrolment.epoch));
  TRY(put_number(db, "joined_head", enrolment.head));
  TRY(put(db, "sign_seed", sign_seed.view()));
  TRY(put(db, "box_secret", box_secret.view()));
  TRY(put_number(db, "catalogue", catalogue));
  return put(db, "packs", as_bytes(packs));
}

Status Vault::store_catalogue(Database& db, const sync::CatalogueReply& reply) {
  TRY(put_number(db, "catalogue", reply.number));
  return put(db, "packs", as_bytes(reply.packs));
}

Status Vault::store_last_sync(Database& db, std::int64_t wall_ms) {
  return put_number(db, "last_sync", static_cast<std::uint64_t>(wall_ms));
}

Result<std::int64_t> Vault::last_sync(Database& db) {
  const Result<std::uint64_t> kept = get_number(db, "last_sync");
  if (kept.ok()) return static_cast<std::int64_t>(*kept);
  if (kept.error().code == ErrorCode::NotFound) return std::int64_t{0};
  return kept.error();
}

Result<Vault::NextKeys> Vault::next_keys(Database& db, Random& random) {
  const Result<Bytes> there = get(db, "next_sign_seed");
  if (!there.ok() && there.error().code != ErrorCode::NotFound) return there.error();
  if (!there.ok()) {
    TRY_ASSIGN(Transaction change, Transaction::begin(db));
    TRY(put(db, "next_sign_seed", SignSeed::generate(random).view()));
    TRY(put(db, "next_box_secret", BoxSecret::generate(random).view()));
    TRY(change.commit());
  }
  TRY_ASSIGN(const Bytes seed, get(db, "next_sign_seed"));
  TRY_ASSIGN(const Bytes box, get(db, "next_box_secret"));
  TRY_ASSIGN(SignSeed sign_seed, SignSeed::from(seed));
  TRY_ASSIGN(BoxSecret box_secret, BoxSecret::from(box));
  return NextKeys{SigningKey(std::move(sign_seed)), BoxKey(std::move(box_secret))};
}

Status Vault::take_next(Database& db, const sync::EnrolReply& enrolment) {
  TRY_ASSIGN(Vault vault, load(db));
  TRY_ASSIGN(const Bytes seed, get(db, "next_sign_seed"));
  TRY_ASSIGN(const Bytes box, get(db, "next_box_secret"));
  vault.enrolment = enrolment;
  TRY_ASSIGN(vault.sign_seed, SignSeed::from(seed));
  TRY_ASSIGN(vault.box_secret, BoxSecret::from(box));
  TRY(vault.store(db));
  return db.exec("DELETE FROM vault WHERE k IN ('next_sign_seed','next_box_secret')");
}

Result<Vault> Vault::load(Database& db) {
  Vault vault;
  sync::EnrolReply& enrolment = vault.enrolment;
  TRY_ASSIGN(const std::uint64_t device, get_number(db, "device"));
  enrolment.device = DeviceId{static_cast<std::uint32_t>(device)};
  TRY_ASSIGN(const std::uint64_t user, get_number(db, "user"));
  enrolment.user = RowId{static_cast<std::int64_t>(user)};
  TRY_ASSIGN(const std::uint64_t organisation, get_number(db, "organisation"));
  enrolment.organisation = static_cast<std::uint32_t>(organisation);
  TRY_ASSIGN(const Bytes name, get(db, "organisation_name"));
  enrolment.organisation_name = as_text(name);
  TRY_ASSIGN(const Bytes key, get(db, "organisation_key"));
  TRY_ASSIGN(enrolment.organisation_key, VerifyKey::from(key));
  TRY_ASSIGN(const Bytes box, get(db, "server_box"));
  TRY_ASSIGN(enrolment.server_box, BoxPublicKey::from(box));
  TRY_ASSIGN(const Bytes role, get(db, "role"));
  enrolment.role = as_text(role);
  TRY_ASSIGN(const std::uint64_t lease, get_number(db, "lease_until"));
  enrolment.lease.not_after_ms = static_cast<std::int64_t>(lease);
  TRY_ASSIGN(const std::uint64_t epoch, get_number(db, "joined_epoch"));
  enrolment.epoch = static_cast<std::uint32_t>(epoch);
  TRY_ASSIGN(enrolment.head, get_number(db, "joined_head"));
  TRY_ASSIGN(const Bytes seed, get(db, "sign_seed"));
  TRY_ASSIGN(vault.sign_seed, SignSeed::from(seed));
  TRY_ASSIGN(const Bytes secret, get(db, "box_secret"));
  TRY_ASSIGN(vault.box_secret, BoxSecret::from(secret));
  TRY_ASSIGN(const std::uint64_t catalogue, get_number(db, "catalogue"));
  vault.catalogue = static_cast<std::uint32_t>(catalogue);
  TRY_ASSIGN(const Bytes packs, get(db, "packs"));
  vault.packs = as_text(packs);
  return vault;
}

}  // namespace banyan
