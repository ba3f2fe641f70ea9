#include "shared/app/remote.h"

#include "shared/sync/protocol.h"
#include "shared/sync/signed_request.h"

namespace banyan {

void Remote::call(std::string method, std::string target, Bytes body, Done done) {
  send(std::move(method), std::move(target), std::move(body), std::move(done), true);
}

void Remote::with_challenge(std::function<void(Result<Bytes>)> then) {
  if (!challenge_.empty() && clock_.monotonic_ms() < challenge_until_ms_) {
    then(challenge_);
    return;
  }
  transport_.send({"GET", "/v0/challenge", {}}, [this, alive = alive_,
                                                 then = std::move(then)](Result<HttpReply> reply) {
    if (!*alive) return;
    if (!reply.ok()) return then(reply.error());
    if (reply->status != 200) {
      return then(fail(ErrorCode::Unavailable, "challenge: HTTP " + std::to_string(reply->status)));
    }
    challenge_ = std::move(reply->body);
    challenge_until_ms_ = clock_.monotonic_ms() + sync::kChallengeLifeMs / 2;
    then(challenge_);
  });
}

void Remote::send(std::string method, std::string target, Bytes body, Done done, bool again) {
  with_challenge([this, method, target, body = std::move(body), done = std::move(done),
                  again](Result<Bytes> challenge) mutable {
    if (!challenge.ok()) return done(challenge.error());
    HttpRequest request{method, {}, body};
    request.path = sync::sign_target(method, target, body, device_, *challenge, key_);
    transport_.send(std::move(request), [this, alive = alive_, method, target,
                                         body = std::move(body), done = std::move(done),
                                         again](Result<HttpReply> reply) mutable {
      if (!*alive) return;
      if (!reply.ok()) return done(reply.error());
      if (reply->status == 401 && again) {  // the challenge was too old after a sleep
        challenge_.clear();
        return send(std::move(method), std::move(target), std::move(body), std::move(done), false);
      }
      if (reply->status < 200 || reply->status > 299) {
        const bool busy = reply->status == 429 || reply->status >= 500;
        const bool none = reply->status == 404;
        return done(
            fail(busy   ? ErrorCode::Unavailable
                 : none ? ErrorCode::NotFound
                        : ErrorCode::Refused,
                 target.substr(0, target.find('?')) + ": HTTP " + std::to_string(reply->status)));
      }
      done(std::move(reply));
    });
  });
}

}  // namespace banyan
