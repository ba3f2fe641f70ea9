// Argon2id in a worker of its own (web/kdf).
#pragma once

#include <map>

#include "shared/app/edges.h"

namespace banyan {

class WebStretcher final : public Stretcher {
 public:
  WebStretcher();  // one per process: the script's answers find it
  ~WebStretcher() override;
  WebStretcher(const WebStretcher&) = delete;
  WebStretcher& operator=(const WebStretcher&) = delete;

  void stretch(SecretBytes passphrase, KdfSalt salt, KdfCost cost,
               std::function<void(Result<PassphraseKey>)> done) override;
  void calibrate(std::function<void(Result<KdfCost>)> done) override;

  // Called by the script. `error` is an ErrorCode or 0.
  void stretched(int id, int error, std::uint8_t* key);
  void calibrated(int id, unsigned memory_kib);

 private:
  std::map<int, std::function<void(Result<PassphraseKey>)>> stretching_;
  std::map<int, std::function<void(Result<KdfCost>)>> calibrating_;
  inline static int last_id_ = 0;  // of all there were: answers to one before may still come
};

}  // namespace banyan
