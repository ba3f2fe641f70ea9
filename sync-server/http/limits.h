// Every limit of the HTTP layer in one place; SERVER.md has the same table for
// people, with what happens at each one. Tests try each at its value and one over.
#pragma once

#include <chrono>
#include <cstddef>

namespace banyan::http {

using namespace std::chrono_literals;

inline constexpr std::size_t kHeaderBytesMax = 8 * 1024;  // request line and fields
inline constexpr std::size_t kTargetBytesMax = 2 * 1024;  // path and query
inline constexpr std::size_t kFieldsMax = 64;

// Tests shorten these; nothing else does.
struct Times {
  std::chrono::milliseconds header = 10s;  // from the first byte to the empty line
  std::chrono::milliseconds body = 30s;    // for the whole body
  std::chrono::milliseconds idle = 60s;    // between two requests
  std::chrono::milliseconds write = 30s;   // for each 64 KiB of an answer
  std::chrono::milliseconds ping = 30s;    // between two pings of a WebSocket
  std::chrono::milliseconds drain = 10s;   // for running requests, after SIGTERM
  std::chrono::milliseconds sweep = 1s;    // how often the above are looked at
};

inline constexpr std::size_t kWriteSlice = 64 * 1024;
inline constexpr std::size_t kBodiesBytesMax = 128 * 1024 * 1024;  // of all requests at once

inline constexpr std::size_t kNewsMessageBytesMax = 64;  // from a client; it has nothing to say
inline constexpr int kNewsFramesPerMinuteMax = 20;       // pings and pongs of a client

// Waiting jobs of a worker; more: 503. Fewer when they would take longer than that: whoever is
// told to come back need not hold a line meanwhile.
inline constexpr std::size_t kQueueMax = 512;
inline constexpr std::size_t kQueueAlways = 32;  // are let in, however slow they are
inline constexpr std::chrono::milliseconds kQueueTimeMax = 2s;

// Bodies, by route.
inline constexpr std::size_t kNoBody = 0;
inline constexpr std::size_t kSmallBody = 4 * 1024;
inline constexpr std::size_t kRekeyBody = 1024 * 1024 + 4 * 1024;  // sync::kRekeyBytesMax
inline constexpr std::size_t kSyncBody = 6 * 1024 * 1024;          // sync::kRequestBytesMax
inline constexpr std::size_t kChunkBody = 512 * 1024;              // sync::kPartBytesMax

}  // namespace banyan::http
