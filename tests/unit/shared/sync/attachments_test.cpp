#include "shared/sync/attachments.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "shared/crypto/init.h"
#include "shared/platform/random.h"

namespace banyan::sync {
namespace {

Bytes photo(std::size_t size) {
  Bytes bytes(size);
  SeededRandom(size + 1).fill(bytes);
  return bytes;
}

// What a server does with parts, in memory.
struct FakeServer {
  Bytes have;
  Bytes put(const Upload::Part& part, std::size_t size) {
    const auto at = part.target.find("offset=") + 7;
    const auto offset = static_cast<std::size_t>(std::stoull(part.target.substr(at)));
    if (offset == have.size()) have.insert(have.end(), part.bytes.begin(), part.bytes.end());
    return encode_chunk_state({have.size(), have.size() == size});
  }
};

TEST_CASE("an upload ends whole, whichever replies are lost") {
  REQUIRE(crypto_init().ok());
  const Bytes content = photo(3 * kPartBytesMax + 17);
  for (int lost = 0; lost < 8; ++lost) {
    CAPTURE(lost);
    Upload upload(content);
    FakeServer server;
    int request = 0;
    while (const auto part = upload.next()) {
      const Bytes reply = server.put(*part, content.size());
      if (request++ == lost) {
        upload.lost();  // the server has it; the device does not know
      } else {
        REQUIRE(upload.took(reply).ok());
      }
      REQUIRE(request < 12);
    }
    CHECK(server.have == content);
  }
}

TEST_CASE("a small photo takes one request") {
  const Bytes content = photo(1000);
  Upload upload(content);
  FakeServer server;
  const auto part = upload.next();
  REQUIRE(part.has_value());
  REQUIRE(upload.took(server.put(*part, content.size())).ok());
  CHECK(upload.done());
  CHECK_FALSE(upload.next().has_value());
}

TEST_CASE("a server that threw a spoilt photo away gets it again from the start") {
  const Bytes content = photo(1000);
  Upload upload(content);
  REQUIRE(upload.took(encode_chunk_state({content.size(), false})).ok());
  CHECK(upload.next()->target.find("offset=0&") != std::string::npos);
  CHECK_FALSE(upload.took(encode_chunk_state({content.size() + 1, false})).ok());
  CHECK_FALSE(upload.took(encode_chunk_state({1, true})).ok());
  CHECK_FALSE(upload.took(Bytes{9}).ok());
}

TEST_CASE("a download goes on where it was, and a false photo is not taken") {
  const Bytes content = photo(kPartBytesMax + 5);
  const Bytes first(content.begin(), content.begin() + 100);
  Download download(hash256(content), first);
  CHECK(download.next().find("?offset=100&") != std::string::npos);
  REQUIRE(download.took(ByteView(content).subspan(100, kPartBytesMax - 100), false).ok());
  REQUIRE(download.took(ByteView(content).subspan(kPartBytesMax), true).ok());
  CHECK(download.done());
  CHECK(download.bytes() == content);

  Download cheated(hash256(content), {});
  CHECK(cheated.took(photo(10), true).error().code == ErrorCode::Corrupt);
  CHECK_FALSE(cheated.done());
  CHECK(cheated.next().find("?offset=0&") != std::string::npos);
  CHECK_FALSE(cheated.took({}, false).ok());
}

TEST_CASE("a chunk has one path, and other paths are none") {
  const Hash256 hash = hash256(as_bytes("x"));
  const std::string path = chunk_path(hash);
  CHECK(*parse_chunk_path(path) == hash);
  std::string upper = path;
  std::transform(upper.begin() + 10, upper.end(), upper.begin() + 10,
                 [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  CHECK_FALSE(parse_chunk_path(upper).ok());
  CHECK_FALSE(parse_chunk_path(path + "0").ok());
  CHECK_FALSE(parse_chunk_path("/v0/chunk/../../keys").ok());
}

}  // namespace
}  // namespace banyan::sync
