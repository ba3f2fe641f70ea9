// Messages: asked for, lost, delayed, doubled, delivered in any order.
#include <algorithm>

#include "tests/simulation/oracle.h"
#include "tests/simulation/world.h"

namespace banyan::sim {
namespace {

constexpr std::size_t kOnTheirWayMax = 24;

template <class T, std::size_t N>
T pick(const T (&from)[N], Random& r) {
  return from[static_cast<std::size_t>(r.below(N))];
}

}  // namespace

// Whoever has asked mostly waits for the answer.
void World::ask(Random& r) {
  const auto index = static_cast<std::size_t>(r.below(devices_.size()));
  const auto waits = [&](const Message& m) { return m.device == index; };
  Device& d = *devices_[index];
  if (d.replica->standing().forked) return ask_for_number(d, r.below(4) != 0);
  if (r.below(4) != 0 && std::any_of(net_.begin(), net_.end(), waits)) return deliver(r);
  Bytes request = request_of(index);
  if (failed()) return;
  if (r.below(100) < 6) return count("requests dropped");
  if (net_.size() >= kOnTheirWayMax) net_.erase(net_.begin());
  net_.push_back({index, true, std::move(request), nullptr});
}

// Mostly the newest one.
void World::deliver(Random& r) {
  if (net_.empty()) return ask(r);
  const bool newest = r.below(4) != 0;
  const auto at = newest ? net_.size() - 1 : static_cast<std::size_t>(r.below(net_.size()));
  if (!newest) count("late deliveries");
  const Message message = net_[at];
  net_.erase(net_.begin() + static_cast<std::ptrdiff_t>(at));
  if (r.below(100) < 6) {  // the other copy comes much later
    net_.insert(net_.begin(), message);
    count(message.to_server ? "requests doubled" : "replies doubled");
  }
  deliver(message, r);
}

bool World::deliver(const Message& message, Random& r) {
  if (!message.to_server) return take(message).has_value();
  std::optional<Message> reply = serve(message);
  if (!reply) return false;
  if (r.below(100) < 8) {
    count("replies lost");
  } else {
    net_.push_back(std::move(*reply));
  }
  return true;
}

Bytes World::request_of(std::size_t device) {
  sync::Client::Limits limits;
  limits.adapt = false;
  limits.groups_max = pick<std::size_t>({1, 1, 2, 3, 0, 0}, random_);
  limits.page_bytes = pick<std::size_t>({1, 256U << 10, 256U << 10}, random_);
  limits.bundle_commits = pick<std::size_t>({1, 2, 7, 200}, random_);
  limits.push_bytes = pick<std::size_t>({1, 400, 1U << 20}, random_);
  devices_[device]->client->set_limits(limits);
  count("requests");
  return need(devices_[device]->client->make_request(), "I15 make_request");
}

// Nothing when the server's power failed.
std::optional<Message> World::serve(const Message& request) {
  take_turns();
  auto handled = server_->handle(request.bytes);
  if (!handled.ok()) {
    const bool dark = server_disk_.store && !server_disk_.store->powered();
    if (!dark) fail_with("I15 the server fails: " + handled.error().detail);
    return std::nullopt;
  }
  count("commits", handled->appended);
  count("parked", handled->parked);
  if (handled->kept) count("kept pages");
  if (handled->forked && !weather_.clones) fail_with("I16 a fork where nobody cloned");
  follow();
  if (failed()) return std::nullopt;
  auto promise = promise_of(handled->reply);
  if (failed()) return std::nullopt;
  return Message{request.device, false, std::move(handled->reply), std::move(promise)};
}

std::optional<sync::Progress> World::take(const Message& reply) {
  Device& d = *devices_[reply.device];
  const auto decoded = sync::decode_reply(reply.bytes, organisation_.verify_key());
  if (!decoded.ok()) {
    fail_with("reply: " + decoded.error().detail);
    return std::nullopt;
  }
  d.acted = true;
  const Standing before = standing_of(d);
  auto progress = d.client->handle_reply(reply.bytes);
  if (!progress.ok()) {
    if (progress.error().code == ErrorCode::Conflict) {
      count("stale replies");
    } else if (!d.waits_for_power()) {
      fail_with("I15 handle_reply: " + progress.error().detail);
    } else if (const auto page = decode_page(decoded->page, organisation_.verify_key()); page) {
      d.told = std::max(d.told, page->acked);  // it may have been taken all the same
    }
    return std::nullopt;
  }
  took(reply, *decoded, *progress, before);
  return *progress;
}

World::Standing World::standing_of(Device& d) {
  Standing now{need(d.replica->state(), "state").acked, d.replica->waiting().all()};
  std::erase_if(now.shown, [&](const RowKey& key) { return !stored(d, key); });
  return now;
}

// What the device has made of a reply.
void World::took(const Message& reply, const sync::Reply& decoded, const sync::Progress& progress,
                 const Standing& before) {
  Device& d = *devices_[reply.device];
  if (progress.forked && !weather_.clones) fail_with("I16 a device thinks it is forked");
  if (progress.complete) {
    count("rounds");
    d.must_sync = d.must_sync && d.replica->pending_count() > 0;
  }
  if (!decoded.tail.empty()) count("tails adopted");
  if (decoded.page.empty()) return;
  const Page page = need(decode_page(decoded.page, organisation_.verify_key()), "page");
  if (progress.was_reset) {
    count("resets");
    d.seen = {};
    d.told = page.acked;
    return;
  }
  count("pages");
  if (!page.complete) count("partial pages");
  const std::uint64_t acked = progress.forked ? before.acked : page.acked;
  d.told = std::max(d.told, acked);
  for (const PageAggregate& a : page.aggregates) {
    count(a.mode == PageMode::Whole ? "FULL" : a.mode == PageMode::Drop ? "DROP" : "INC");
  }
  if (reply.promise == nullptr) return;
  const Taken taken{page, *reply.promise, acked};
  for (const RowKey& key : before.shown) check_still_shown(d, taken, key);
  check_page_kept(d, taken);
}

// A round over a line on which nothing is lost.
bool World::exchange_cleanly(std::size_t index) {
  if (devices_[index]->retired) return true;
  for (int i = 0; i < 200 && !failed(); ++i) {
    Message request{index, true, request_of(index), nullptr};
    if (failed()) return false;
    const auto reply = serve(request);
    if (!reply) return false;
    const auto progress = take(*reply);
    if (failed()) return false;
    if (devices_[index]->replica->standing().forked) {
      ask_for_number(*devices_[index], true);
    } else if (progress && !progress->more) {
      return true;
    }
  }
  fail_with("I15 a device never finishes a round");
  return false;
}

std::size_t World::index_of(const Device& device) const {
  std::size_t index = 0;
  while (devices_[index].get() != &device) ++index;
  return index;
}

// Every device has all that the server has, and the server all that they have.
bool World::quiet() const {
  return std::all_of(devices_.begin(), devices_.end(), [&](const auto& d) {
    const auto standing = d->replica->standing();
    return d->retired || (d->replica->pending_count() == 0 && standing.base == store_->head() &&
                          standing.epoch == store_->epoch());
  });
}

}  // namespace banyan::sim
