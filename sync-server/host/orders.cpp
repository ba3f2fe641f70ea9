#include "sync-server/host/orders.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;
namespace {

// The name says it all: "retire-12", "let-in-34".
constexpr std::string_view kRetireWord = "retire-", kLetInWord = "let-in-";

fs::path orders_in(const fs::path& folder) { return folder / "orders"; }

bool read_order(std::string_view name, Order& order) {
  for (const auto& [word, kind] :
       {std::pair{kRetireWord, Order::Kind::Retire}, std::pair{kLetInWord, Order::Kind::LetIn}}) {
    if (name.substr(0, word.size()) != word) continue;
    const std::string_view digits = name.substr(word.size());
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), order.number);
    order.kind = kind;
    return error == std::errc() && end == digits.data() + digits.size();
  }
  return false;
}

}  // namespace

Status leave_order(const fs::path& folder, const Order& order) {
  TRY(make_private_folder(orders_in(folder)));
  const std::string_view word = order.kind == Order::Kind::Retire ? kRetireWord : kLetInWord;
  return write_file(orders_in(folder) / (std::string(word) + std::to_string(order.number)), {},
                    Readers::Owner);
}

Result<std::vector<Order>> take_orders(const fs::path& folder) {
  std::vector<Order> orders;
  std::error_code error;
  for (fs::directory_iterator at(orders_in(folder), error), end; !error && at != end;
       at.increment(error)) {
    Order order;
    if (!read_order(at->path().filename().string(), order)) continue;  // being written
    orders.push_back(order);
    std::error_code gone;
    if (!fs::remove(at->path(), gone) || gone) {
      return fail(ErrorCode::Io, at->path().string() + ": " + gone.message());
    }
  }
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) {
    return std::pair(a.kind, a.number) < std::pair(b.kind, b.number);
  });
  return orders;
}

}  // namespace banyan::server
