#include "shared/sync/attachments.h"

#include <algorithm>

namespace banyan::sync {
namespace {

constexpr std::string_view kPath = "/v0/chunk/";

}  // namespace

Bytes encode_chunk_state(const ChunkState& state) {
  ByteWriter out;
  out.u8(state.whole ? 1 : 0);
  out.varint(state.have);
  return out.take();
}

Result<ChunkState> decode_chunk_state(ByteView in) {
  ByteReader reader(in);
  const std::uint8_t whole = reader.u8();
  const std::uint64_t have = reader.varint();
  TRY(reader.finish("chunk state"));
  if (whole > 1) return fail(ErrorCode::Corrupt, "chunk state");
  return ChunkState{have, whole == 1};
}

std::string chunk_path(const Hash256& hash) { return std::string(kPath) + to_hex(hash.view()); }

Result<Hash256> parse_chunk_path(std::string_view path) {
  if (path.substr(0, kPath.size()) != kPath) return fail(ErrorCode::Invalid, "no chunk's path");
  const std::string_view digits = path.substr(kPath.size());
  TRY_ASSIGN(const Bytes bytes, from_hex(digits));
  TRY_ASSIGN(const Hash256 hash, Hash256::from(bytes));
  // One name for one content: upper case would be a second one.
  if (to_hex(hash.view()) != digits) return fail(ErrorCode::Invalid, "a hash in upper case");
  return hash;
}

std::optional<Upload::Part> Upload::next() const {
  if (whole_) return std::nullopt;
  // The first request of a small attachment may as well carry it.
  const bool ask = !known_ && content_.size() > kPartBytesMax;
  const std::uint64_t from = known_ ? have_ : 0;
  const auto rest = content_.subspan(static_cast<std::size_t>(from));
  Part part;
  part.target = chunk_path(hash_) + "?offset=" + std::to_string(from) +
                "&size=" + std::to_string(content_.size());
  if (!ask) part.bytes = rest.first(std::min(rest.size(), kPartBytesMax));
  return part;
}

Status Upload::took(ByteView reply) {
  TRY_ASSIGN(const ChunkState state, decode_chunk_state(reply));
  if (state.have > content_.size() || (state.whole && state.have != content_.size())) {
    return fail(ErrorCode::Corrupt, "the server has more of an attachment than there is");
  }
  // All bytes there and still not whole: the server threw away what did not match.
  have_ = state.have == content_.size() && !state.whole ? 0 : state.have;
  known_ = true;
  whole_ = state.whole;
  return {};
}

std::string Download::next() const {
  return chunk_path(hash_) + "?offset=" + std::to_string(bytes_.size()) +
         "&size=" + std::to_string(kPartBytesMax);
}

Status Download::took(ByteView part, bool last) {
  if (part.size() > kPartBytesMax || bytes_.size() + part.size() > kAttachmentBytesMax ||
      (part.empty() && !last)) {
    return fail(ErrorCode::Corrupt, "a part of an attachment has an impossible size");
  }
  bytes_.insert(bytes_.end(), part.begin(), part.end());
  if (!last) return {};
  if (hash256(bytes_) != hash_) {
    bytes_.clear();
    return fail(ErrorCode::Corrupt, "an attachment does not match its hash");
  }
  done_ = true;
  return {};
}

}  // namespace banyan::sync
