// A tablet that was copied, or put back from an image, asks headquarters for a number of its
// own once both copies have written (shared/sync/rekey.h). Nobody has to do anything.
#pragma once

#include <functional>
#include <memory>

#include "shared/app/remote.h"
#include "shared/crypto/sign.h"
#include "shared/storage/replica.h"

namespace banyan {

class Rekeying {
 public:
  enum class End : std::uint8_t {
    NewNumber,  // kept in the database: open it anew
    NotParted,  // the server knows of no other copy (any more): go on
    Later       // no answer; the next sync asks again
  };

  // Everything must outlive this object.
  Rekeying(Replica& replica, Remote& remote, const VerifyKey& organisation, Random& random)
      : replica_(replica), remote_(remote), organisation_(organisation), random_(random) {}

  // One call of `done`, unless one is under way already. Errors are the database's, or an answer
  // that is not the bank's.
  void start(std::function<void(Result<End>)> done);

 private:
  Result<Bytes> request();
  Result<End> take(ByteView reply);

  Replica& replica_;
  Remote& remote_;
  const VerifyKey& organisation_;
  Random& random_;
  bool running_ = false;
};

}  // namespace banyan
