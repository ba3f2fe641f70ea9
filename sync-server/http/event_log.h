// What happened, as one JSON line for each event, on standard error or in a file.
//
// Values are ids, sizes, times, addresses and codes: never a customer's name,
// number or balance, and never a secret. Safe from any thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "shared/platform/clock.h"

namespace banyan::server {

class EventLog {
 public:
  struct Item {
    std::string_view name;
    std::variant<std::int64_t, std::string_view> value;
  };

  // Neither is owned; both must outlive this object. A null `out` is silent.
  EventLog(std::FILE* out, const Clock& clock) : out_(out), clock_(clock) {}

  // {"t":"2026-03-01T08:00:00.123Z","event":"started","port":8080}
  void write(std::string_view event, std::initializer_list<Item> items = {});

 private:
  std::FILE* out_;
  const Clock& clock_;
  std::mutex mutex_;
};

// As a JSON string, quotes included; bytes that are no UTF-8 become "?".
std::string json_quote(std::string_view text);

// "2026-03-01T08:00:00.123Z"
std::string utc_text(std::int64_t unix_ms);

}  // namespace banyan::server
