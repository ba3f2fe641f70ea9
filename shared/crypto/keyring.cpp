#include "shared/crypto/keyring.h"

#include <algorithm>
#include <array>
#include <optional>

namespace banyan {
namespace {

constexpr std::string_view kWrapKeyContext = "kek/1";

struct Slots {
  std::array<std::optional<KeyringRecord>, 2> records;
  std::optional<Error> trouble;  // the first reason why a slot has no record

  int newest() const {
    if (!records[0]) return 1;
    return records[1] && records[1]->generation > records[0]->generation ? 1 : 0;
  }
};

Result<Slots> read_slots(KeyringSlots& from) {
  Slots out;
  bool empty = true;
  for (int i = 0; i < 2; ++i) {
    Result<Bytes> bytes = from.read(i);
    if (bytes.ok() && bytes->empty()) continue;
    empty = false;
    Result<KeyringRecord> record =
        bytes.ok() ? KeyringRecord::decode(*bytes) : Result<KeyringRecord>(bytes.error());
    if (record.ok()) {
      out.records[static_cast<std::size_t>(i)] = *record;
    } else if (!out.trouble) {
      out.trouble = record.error();
    }
  }
  if (empty) return fail(ErrorCode::NotFound, "no keyring");
  if (!out.records[0] && !out.records[1]) return *out.trouble;
  return out;
}

Error locked() { return fail(ErrorCode::Locked, "the passphrase or a key is wrong"); }

// The factors that `record` asks for must be there; others are left out.
Result<WrapKey> wrap_key_for(const KeyringRecord& record, const Factors& factors) {
  const bool wants_device = (record.factors & kFactorDevice) != 0;
  const bool wants_server = (record.factors & kFactorServer) != 0;
  if ((wants_device && !factors.device) || (wants_server && !factors.server)) return locked();
  if (!acceptable(record.cost)) return locked();
  TRY_ASSIGN(const PassphraseKey stretched, factors.stretch(record.salt, record.cost));
  Hasher hasher;
  hasher.update(stretched.view());
  if (wants_device) hasher.update(factors.device->view());
  if (wants_server) hasher.update(factors.server->view());
  hasher.update(as_bytes(kWrapKeyContext));
  Hash256 digest = hasher.finish();
  auto key = WrapKey::from(digest.view());
  wipe(digest.bytes);
  return key;
}

KeyringRecord fresh_record(const KeyringFacts& facts, const KdfCost& cost, const Factors& factors,
                           Random& random) {
  KeyringRecord record;
  record.facts = facts;
  record.cost = cost;
  if (factors.device) record.factors |= kFactorDevice;
  if (factors.server) record.factors |= kFactorServer;
  if (factors.salt) {
    record.salt = *factors.salt;
  } else {
    random.fill(record.salt.bytes);
  }
  return record;
}

}  // namespace

Factors::Stretch stretch_here(const SecretBytes& passphrase) {
  return [&passphrase](const KdfSalt& salt, const KdfCost& cost) {
    return stretch_passphrase(passphrase, salt, cost);
  };
}

Result<Keyring> Keyring::create(KeyringSlots& slots, Random& random, const KeyringFacts& facts,
                                const KdfCost& cost, const Factors& factors) {
  if (!acceptable(cost)) return fail(ErrorCode::Refused, "key stretching outside the limits");
  const Result<Slots> old = read_slots(slots);
  if (old.ok()) return fail(ErrorCode::Conflict, "there is a keyring already");
  if (old.error().code != ErrorCode::NotFound) return old.error();

  Keyring out(slots, random);
  out.data_key_ = DataKey::generate(random);
  KeyringRecord record = fresh_record(facts, cost, factors, random);
  TRY_ASSIGN(WrapKey key, wrap_key_for(record, factors));
  TRY(out.store(record, std::move(key)));
  return out;
}

Result<Keyring> Keyring::unlock(KeyringSlots& slots, Random& random, const Factors& factors) {
  TRY_ASSIGN(const Slots seen, read_slots(slots));
  Keyring out(slots, random);
  // After an interrupted change the two slots differ, and either may be the
  // one that this passphrase opens.
  for (const int slot : {seen.newest(), 1 - seen.newest()}) {
    const auto& record = seen.records[static_cast<std::size_t>(slot)];
    if (!record) continue;
    if (slot != seen.newest() && record == seen.records[static_cast<std::size_t>(1 - slot)]) break;
    Result<WrapKey> key = wrap_key_for(*record, factors);
    if (!key.ok() && key.error().code != ErrorCode::Locked) return key.error();
    if (!key.ok()) continue;
    Result<DataKey> data_key = record->unwrap(*key);
    if (!data_key.ok()) continue;
    out.record_ = *record;
    out.wrap_key_ = std::move(*key);
    out.data_key_ = std::move(*data_key);
    out.good_slot_ = slot;
    out.make_other_slot_good(seen.records[static_cast<std::size_t>(1 - slot)]);
    return out;
  }
  return locked();
}

Result<KeyringRecord> Keyring::peek(KeyringSlots& slots) {
  TRY_ASSIGN(const Slots seen, read_slots(slots));
  return *seen.records[static_cast<std::size_t>(seen.newest())];
}

void Keyring::make_other_slot_good(const std::optional<KeyringRecord>& other) {
  if (other == record_) return;
  if (other && other->generation > record_.generation) {
    // An interrupted change is taken back: the record that opened must win.
    record_.generation = other->generation + 1;
    record_.wrap(wrap_key_, data_key_, *random_);
  }
  // A failure here does not keep the person out; both_copies_good() tells.
  const Bytes bytes = record_.encode();
  both_copies_good_ = slots_->write(1 - good_slot_, bytes).ok();
  if (both_copies_good_) both_copies_good_ = slots_->write(good_slot_, bytes).ok();
}

Status Keyring::store(KeyringRecord next, WrapKey key) {
  next.generation = record_.generation + 1;
  next.wrap(key, data_key_, *random_);
  const Bytes bytes = next.encode();
  TRY(slots_->write(1 - good_slot_, bytes));
  good_slot_ = 1 - good_slot_;
  record_ = next;
  wrap_key_ = std::move(key);
  both_copies_good_ = false;
  TRY(slots_->write(1 - good_slot_, bytes));
  both_copies_good_ = true;
  return {};
}

Status Keyring::change_factors(const KdfCost& cost, const Factors& factors) {
  if (!acceptable(cost)) return fail(ErrorCode::Refused, "key stretching outside the limits");
  KeyringRecord next = fresh_record(record_.facts, cost, factors, *random_);
  TRY_ASSIGN(WrapKey key, wrap_key_for(next, factors));
  return store(next, std::move(key));
}

Status Keyring::set_lease_end(std::int64_t lease_end_ms) {
  KeyringRecord next = record_;
  next.facts.lease_end_ms = lease_end_ms;
  return store(next, wrap_key_.duplicate());
}

Result<Bytes> Keyring::sealed_for_escrow(const BoxPublicKey& escrow, Random& random) const {
  return seal(escrow, data_key_.view(), random);
}

}  // namespace banyan
