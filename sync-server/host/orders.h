// What a person asks of a running server from another process: a file in DIR/orders, which the
// server takes within seconds. Its log says how each ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/storage/server_store.h"
#include "shared/sync/server.h"

namespace banyan::server {

struct Order {
  enum class Kind : std::uint8_t {
    Retire = 1,  // `number`: of a device
    LetIn = 2,   // `number`: of a parked bundle
  };
  Kind kind{};
  std::uint64_t number = 0;
};

Status leave_order(const std::filesystem::path& folder, const Order& order);
// All that are there, which are gone then.
Result<std::vector<Order>> take_orders(const std::filesystem::path& folder);

// Does it; in words, how it ended. Errors are the store's.
Result<std::string> carry_out(ServerStore& store, sync::Server& server, const Order& order);

// Whether nobody has heard of an active tablet since.
bool silent(const sync::DeviceRecord& device, std::int64_t since_ms);

}  // namespace banyan::server
