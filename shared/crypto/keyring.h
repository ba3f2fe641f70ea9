// The way from a passphrase to the keys of one person's database.
//
//   passphrase --Argon2id--> K_pw (+ K_dev) (+ K_srv) --BLAKE2b--> wrapping key
//   wrapping key --unwraps--> data key --> page key, attachment key, head key
//
// Two slots hold the same record. A change writes one after the other, so a
// torn or lost write leaves the old record or the new one, never neither.
#pragma once

#include <functional>
#include <optional>

#include "shared/crypto/box.h"
#include "shared/crypto/keyring_record.h"

namespace banyan {

using PageKey = SecretKey<32, struct PageKeyTag>;
using AttachmentKey = SecretKey<32, struct AttachmentKeyTag>;
using HeadKey = MacKey;
using DeviceFactor = SecretKey<32, struct DeviceFactorTag>;
using ServerFactor = SecretKey<32, struct ServerFactorTag>;

// Where a keyring lives. `slot` is 0 or 1.
class KeyringSlots {
 public:
  virtual ~KeyringSlots() = default;
  virtual Result<Bytes> read(int slot) = 0;            // empty when it was never written
  virtual Status write(int slot, ByteView bytes) = 0;  // durable when it returns
  virtual Status erase() = 0;                          // overwrites both, then removes them
};

// What a person brings. The passphrase is stretched by a function, so that a
// host may do it elsewhere (a worker whose memory is given back afterwards).
struct Factors {
  using Stretch = std::function<Result<PassphraseKey>(const KdfSalt&, const KdfCost&)>;

  Stretch stretch;
  // For a new record, when a host has stretched with a salt of its own
  // beforehand; must be random. Without one, a fresh salt is drawn.
  std::optional<KdfSalt> salt = std::nullopt;
  const DeviceFactor* device = nullptr;
  const ServerFactor* server = nullptr;
};

// Stretches here and now. `passphrase` must outlive the result.
Factors::Stretch stretch_here(const SecretBytes& passphrase);

class Keyring {
 public:
  // A new data key in empty slots. Conflict when a keyring is there already.
  static Result<Keyring> create(KeyringSlots& slots, Random& random, const KeyringFacts& facts,
                                const KdfCost& cost, const Factors& factors);

  // Locked, with one message, for a wrong passphrase, a missing factor, a
  // changed field or weakened cost. Corrupt when both slots are damaged (the
  // way out is recovery through escrow). NotFound when there is none.
  static Result<Keyring> unlock(KeyringSlots& slots, Random& random, const Factors& factors);

  // What the newest slot says of itself; nobody vouches for it yet.
  static Result<KeyringRecord> peek(KeyringSlots& slots);

  const KeyringFacts& facts() const { return record_.facts; }
  PageKey page_key() const { return derive_key<PageKey>(data_key_, "page/1"); }
  AttachmentKey attachment_key() const { return derive_key<AttachmentKey>(data_key_, "att/1"); }
  HeadKey head_key() const { return derive_key<HeadKey>(data_key_, "head/1"); }

  // The data key for the headquarters' escrow, which keeps it for the day when
  // a passphrase is forgotten.
  Result<Bytes> sealed_for_escrow(const BoxPublicKey& escrow, Random& random) const;

  // Afterwards the new factors open it and the old ones do not. On an error,
  // either opens it; try again.
  Status change_factors(const KdfCost& cost, const Factors& factors);
  Status set_lease_end(std::int64_t lease_end_ms);

  // False when one of the two copies could not be made good at unlock.
  bool both_copies_good() const { return both_copies_good_; }

 private:
  Keyring(KeyringSlots& slots, Random& random) : slots_(&slots), random_(&random) {}
  Status store(KeyringRecord next, WrapKey key);
  void make_other_slot_good(const std::optional<KeyringRecord>& other);

  KeyringSlots* slots_;
  Random* random_;
  KeyringRecord record_;
  WrapKey wrap_key_;
  DataKey data_key_;
  int good_slot_ = 1;  // the other one is written first
  bool both_copies_good_ = true;
};

}  // namespace banyan
