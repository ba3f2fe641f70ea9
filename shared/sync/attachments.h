// Photos and scans travel apart from the log: the log carries their hash, this
// lane their bytes, in parts that resume after a cut. Pure: makes and takes the
// bodies of requests to /v0/chunk/HASH, the caller carries them.
//
//   PUT  /v0/chunk/HASH?offset=N&size=TOTAL   body: a part, or nothing (to ask)
//        -> ChunkState: how much the server has, whether it is whole
//   GET  /v0/chunk/HASH?offset=N&size=MAX     -> the bytes from N on, at most MAX
//        status 206: more follow, 200: these were the last
//
// Every path is signed first (signed_request.h). What is whole has been checked
// against its hash on both sides; a part that is not can be sent again at will.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/bytes.h"
#include "shared/crypto/hash.h"

namespace banyan::sync {

inline constexpr std::size_t kAttachmentBytesMax = 16U << 20;  // one photo or scan
inline constexpr std::size_t kPartBytesMax = 512U << 10;       // one request or answer

struct ChunkState {
  std::uint64_t have = 0;  // bytes from the start that the server holds
  bool whole = false;
  bool operator==(const ChunkState&) const = default;
};
Bytes encode_chunk_state(const ChunkState& state);
Result<ChunkState> decode_chunk_state(ByteView in);

std::string chunk_path(const Hash256& hash);  // "/v0/chunk/<64 hexadecimal digits>"
Result<Hash256> parse_chunk_path(std::string_view path);

// Sends one attachment. next() until it gives nothing; after each send, took()
// with the reply, or nothing at all after a lost connection.
class Upload {
 public:
  struct Part {
    std::string target;  // for PUT, unsigned
    ByteView bytes;      // empty: only asks
  };

  // `content` must outlive the upload. At most kAttachmentBytesMax.
  explicit Upload(ByteView content) : content_(content), hash_(hash256(content)) {}

  const Hash256& hash() const { return hash_; }
  bool done() const { return whole_; }
  std::optional<Part> next() const;  // nothing when done
  Status took(ByteView reply);       // Corrupt: a reply that cannot be
  void lost() { known_ = false; }    // ask first, where the server stands

 private:
  ByteView content_;
  Hash256 hash_;
  std::uint64_t have_ = 0;
  bool known_ = false;  // whether have_ is the server's word
  bool whole_ = false;
};

// Fetches one attachment; may start with what an earlier try had.
class Download {
 public:
  Download(const Hash256& hash, Bytes so_far) : hash_(hash), bytes_(std::move(so_far)) {}

  bool done() const { return done_; }
  std::string next() const;  // target for GET, unsigned
  // `last`: status 200. Corrupt when the whole has another hash: it starts over.
  Status took(ByteView part, bool last);
  const Bytes& bytes() const { return bytes_; }  // all of them when done()

 private:
  Hash256 hash_;
  Bytes bytes_;
  bool done_ = false;
};

}  // namespace banyan::sync
