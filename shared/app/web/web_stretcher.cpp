#include "shared/app/web/web_stretcher.h"

#include <emscripten.h>

#include <cstdlib>

namespace {

banyan::WebStretcher* the_stretcher = nullptr;

}  // namespace

// clang-format off
EM_JS(void, banyan_kdf_start, (int id, const std::uint8_t* passphrase, int size,
                               const std::uint8_t* salt, unsigned memory_kib, unsigned passes), {
  const worker = new Worker(new URL('kdf-worker.js', self.location.href), {type: 'module'});
  const end = (tell) => {
    worker.terminate();
    tell();
    if (Module.banyanWake) Module.banyanWake();
  };
  if (size < 0) {
    worker.onmessage = ({data}) => end(() => _banyan_kdf_calibrated(id, data.memoryKib));
    worker.onerror = () => end(() => _banyan_kdf_calibrated(id, 0));
    worker.postMessage({calibrate: true});
    return;
  }
  worker.onmessage = ({data}) => end(() => {
    const at = _malloc(32);
    HEAPU8.set(data.key, at);
    data.key.fill(0);
    _banyan_kdf_done(id, data.error, at);
  });
  worker.onerror = () => end(() => _banyan_kdf_done(id, 8, 0));
  const secret = HEAPU8.slice(passphrase, passphrase + size);
  worker.postMessage({passphrase: secret, salt: HEAPU8.slice(salt, salt + 16),
                      memoryKib: memory_kib, passes: passes});
  secret.fill(0);
});
// clang-format on

extern "C" {

EMSCRIPTEN_KEEPALIVE void banyan_kdf_done(int id, int error, std::uint8_t* key) {
  if (the_stretcher != nullptr) the_stretcher->stretched(id, error, key);
  if (key != nullptr) banyan::wipe({key, 32});
  std::free(key);
}

EMSCRIPTEN_KEEPALIVE void banyan_kdf_calibrated(int id, unsigned memory_kib) {
  if (the_stretcher != nullptr) the_stretcher->calibrated(id, memory_kib);
}
}

namespace banyan {

WebStretcher::WebStretcher() {
  BANYAN_CHECK(the_stretcher == nullptr);
  the_stretcher = this;
}

WebStretcher::~WebStretcher() { the_stretcher = nullptr; }

void WebStretcher::stretch(SecretBytes passphrase, KdfSalt salt, KdfCost cost,
                           std::function<void(Result<PassphraseKey>)> done) {
  const int id = ++last_id_;
  stretching_.emplace(id, std::move(done));
  banyan_kdf_start(id, passphrase.view().data(), static_cast<int>(passphrase.size()),
                   salt.bytes.data(), cost.memory_kib, cost.passes);
}

void WebStretcher::calibrate(std::function<void(Result<KdfCost>)> done) {
  const int id = ++last_id_;
  calibrating_.emplace(id, std::move(done));
  banyan_kdf_start(id, nullptr, -1, nullptr, 0, 0);
}

void WebStretcher::stretched(int id, int error, std::uint8_t* key) {
  const auto found = stretching_.find(id);
  if (found == stretching_.end()) return;
  const auto done = std::move(found->second);
  stretching_.erase(found);
  if (error != 0 || key == nullptr) {
    done(fail(static_cast<ErrorCode>(error), "the passphrase could not be stretched here"));
    return;
  }
  done(PassphraseKey::from({key, PassphraseKey::kSize}));
}

void WebStretcher::calibrated(int id, unsigned memory_kib) {
  const auto found = calibrating_.find(id);
  if (found == calibrating_.end()) return;
  const auto done = std::move(found->second);
  calibrating_.erase(found);
  if (memory_kib == 0) {
    done(fail(ErrorCode::Unavailable, "no memory for the passphrase function"));
    return;
  }
  done(KdfCost{memory_kib, kKdfFloor.passes});
}

}  // namespace banyan
