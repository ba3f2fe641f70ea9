// A tablet without its screen: the app's session over encrypted files, its keyring opened
// by a passphrase, and the county's server at the other end of a call.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "shared/app/session.h"
#include "shared/crypto/keyring_file.h"
#include "shared/platform/native/file_page_store.h"
#include "tests/bench/app/county.h"

namespace banyan::bench {

// Carries sync requests to the county; everything else is "not found". Without a county
// there is no network.
class Wire final : public Transport {
 public:
  explicit Wire(County* county) : county_(county) {}

  void send(HttpRequest request, std::function<void(Result<HttpReply>)> done) override;
  bool network_up() const override { return county_ != nullptr; }
  void listen(std::string path, std::function<void()> news, std::function<void()> closed) override;

  // One request and its answer; false when none waits.
  bool pump();

  Cost serve, take;  // at the server; in the answer's callback
  std::size_t up = 0, down = 0;

 private:
  County* county_;
  std::deque<std::pair<HttpRequest, std::function<void(Result<HttpReply>)>>> waiting_;
};

class NoStretcher final : public Stretcher {
 public:
  void stretch(SecretBytes, KdfSalt, KdfCost,
               std::function<void(Result<PassphraseKey>)> done) override;
  void calibrate(std::function<void(Result<KdfCost>)> done) override;
};

class Tablet {
 public:
  // A new one in `folder`, for somebody who has just enrolled.
  static std::unique_ptr<Tablet> create(const std::string& folder, County& county,
                                        const DemoLogin& login);
  // The one that is there, without a network. Times the passphrase apart.
  static std::unique_ptr<Tablet> open(const std::string& folder, Cost& unlock, Cost& session);

  Session& session() { return *session_; }
  // As a person asks for it; until it ends. What the tablet itself did, and the server.
  struct Synced {
    Cost tablet, server;
    std::size_t up = 0, down = 0;
  };
  Synced sync();

 private:
  Tablet(const std::string& folder, County* county);

  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<FilePageStore> pages_;
  KeyringFile slots_;
  Wire wire_;
  NoStretcher stretcher_;
  Edges edges_;
  std::unique_ptr<Session> session_;
};

}  // namespace banyan::bench
