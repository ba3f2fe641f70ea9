#include "shared/app/rekeying.h"

#include "shared/app/vault.h"
#include "shared/sync/rekey.h"

namespace banyan {

void Rekeying::start(std::function<void(Result<End>)> done) {
  if (running_) return;
  Result<Bytes> body = request();
  if (!body.ok()) return done(body.error());
  running_ = true;
  remote_.call("POST", "/v0/rekey", std::move(body).value(),
               [this, done = std::move(done)](Result<HttpReply> reply) {
                 running_ = false;
                 if (!reply.ok()) return done(End::Later);
                 done(take(reply->body));
               });
}

// The new keys are kept before they are sent: a lost answer is asked for with the same ones, or
// each attempt would use up a number.
Result<Bytes> Rekeying::request() {
  TRY_ASSIGN(const Vault::NextKeys next, Vault::next_keys(replica_.database(), random_));
  TRY_ASSIGN(const sync::RekeyRequest request,
             sync::make_rekey_request(replica_, next.sign_key, next.box_key.public_key()));
  return sync::encode_rekey_request(request, next.sign_key);
}

Result<Rekeying::End> Rekeying::take(ByteView bytes) {
  TRY_ASSIGN(const sync::RekeyReply reply, sync::decode_rekey_reply(bytes, organisation_));
  if (reply.number.device == reply.number.former) {
    TRY(replica_.set_forked(false));
    return End::NotParted;
  }
  const auto keep_keys = [&] { return Vault::take_next(replica_.database(), reply.enrolment); };
  TRY(replica_.rekey(reply.number, keep_keys));
  return End::NewNumber;
}

}  // namespace banyan
