#include "shared/sync/signed_message.h"

#include "shared/sync/protocol.h"

namespace banyan::sync {
namespace {

constexpr std::size_t kFrameSize = 2;  // version, algorithm

Bytes named(std::string_view name, ByteView all) {
  ByteWriter out;
  out.raw(as_bytes(name));
  out.raw(all);
  return out.take();
}

}  // namespace

void start_message(ByteWriter& out) {
  out.u8(kProtocolVersion);
  out.u8(kAlgorithm);
}

Bytes close_message(ByteWriter&& out, std::string_view name, const SigningKey& key) {
  const Signature signature = key.sign(named(name, out.view()));
  out.raw(signature.view());
  return out.take();
}

bool OpenMessage::signed_by(const VerifyKey& key, std::string_view name) const {
  return verify(key, named(name, all), signature);
}

Result<OpenMessage> open_message(ByteView in, std::size_t size_max, std::string_view what) {
  if (in.size() > size_max) return fail(ErrorCode::TooLarge, std::string(what));
  if (in.size() < Signature::kSize + kFrameSize) {
    return fail(ErrorCode::Corrupt, std::string(what) + " is cut short");
  }
  TRY_ASSIGN(Signature signature, Signature::from(in.last(Signature::kSize)));
  const ByteView all = in.first(in.size() - Signature::kSize);
  if (all[0] != kProtocolVersion || all[1] != kAlgorithm) {
    return fail(ErrorCode::Newer, std::string(what) + " of version " + std::to_string(all[0]));
  }
  return OpenMessage{all, all.subspan(kFrameSize), signature};
}

}  // namespace banyan::sync
