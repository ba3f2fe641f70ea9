#include "shared/sync/server.h"

#include <algorithm>
#include <utility>

#include "shared/base/laws.h"
#include "shared/changelog/bundle.h"
#include "shared/changelog/page.h"

namespace banyan::sync {
namespace {

constexpr std::size_t kChallengeRandom = 16;
constexpr int kAppendTries = 3;

PushReport rejected(ErrorCode reason) { return {PushStatus::Rejected, reason}; }

}  // namespace

// Where its author stood when it wrote what waits. What he builds upon he had seen, and whoever
// wrote that had seen less: the earliest of all builds upon nothing that waits with it.
struct Server::Waiting {
  DeviceId device{};
  std::size_t epoch = 0;  // how many there were before
  std::uint64_t seen = 0;

  static Result<Waiting> of(const ChangeStore& store, const DeviceRecord& device,
                            const ParkedBundle& parked) {
    TRY_ASSIGN(const Bundle bundle, decode_bundle(parked.bundle, device.sign_key));
    const Commit& first = bundle.commits.front();
    return Waiting{device.id, store.epochs_before(first.epoch), first.seen};
  }
  bool before(const Waiting& other) const {
    return std::pair(epoch, seen) < std::pair(other.epoch, other.seen);
  }
};

Server::Server(ChangeStore& store, const SigningKey& organisation, MacKey challenge_key,
               const Clock& clock, Random& random)
    : store_(store),
      organisation_(organisation),
      challenge_key_(std::move(challenge_key)),
      clock_(clock),
      random_(random) {}

// time | random | MAC: whoever shows it has been here within its life.
Bytes Server::challenge() {
  ByteWriter out;
  out.u64(static_cast<std::uint64_t>(clock_.wall_ms()));
  std::array<std::uint8_t, kChallengeRandom> salt{};
  random_.fill(salt);
  out.raw(salt);
  const Hash256 mac = keyed_hash256(challenge_key_, out.view());
  out.raw(mac.view());
  return out.take();
}

bool Server::challenge_fits(ByteView challenge) const {
  constexpr std::size_t kHead = 8 + kChallengeRandom;
  if (challenge.size() != kHead + Hash256::kSize) return false;
  const auto mac = Hash256::from(challenge.subspan(kHead));
  if (!mac || !keyed_hash256_matches(challenge_key_, challenge.first(kHead), *mac)) return false;
  const auto made = static_cast<std::int64_t>(ByteReader(challenge).u64());
  const std::int64_t age = clock_.wall_ms() - made;
  return age <= kChallengeLifeMs && age >= -kChallengeLifeMs;
}

Reply Server::start_reply(ReplyStatus status, std::uint64_t nonce) {
  Reply reply;
  reply.status = status;
  reply.organisation = store_.organisation();
  reply.catalogue = store_.catalogue();
  reply.nonce = nonce;
  reply.now_ms = clock_.wall_ms();
  reply.next_challenge = challenge();
  return reply;
}

Server::Handled Server::finish(const Reply& reply, DeviceId device, Handled handled) {
  handled.device = device;
  handled.status = reply.status;
  handled.forked = handled.forked || reply.forked;
  handled.reply = encode_reply(reply, organisation_);
  return handled;
}

Result<Server::Handled> Server::handle(ByteView in) {
  auto request = decode_request(in);
  if (!request) return finish(start_reply(ReplyStatus::Malformed, 0), {}, {});
  const std::uint64_t nonce = request->nonce;
  const auto refuse = [&](ReplyStatus status) {
    return finish(start_reply(status, nonce), request->device, {});
  };
  auto device = store_.device(request->device);
  if (!device && device.error().code != ErrorCode::NotFound) return device.error();
  if (!device || request->organisation != store_.organisation()) {
    return refuse(ReplyStatus::UnknownDevice);
  }
  if (!verify_request(in, device->sign_key)) return refuse(ReplyStatus::BadSignature);
  if (!challenge_fits(request->challenge)) return refuse(ReplyStatus::ChallengeExpired);

  Reply reply = start_reply(ReplyStatus::Ok, nonce);
  Handled handled;
  TRY(take_bundles(*request, reply, handled));
  TRY_ASSIGN(const bool whole, all_is_here(*request));
  TRY_ASSIGN(const std::uint64_t floor, floor_of(*request));
  TRY(store_.contacted(request->device, {request->catalogue, whole, floor, clock_.wall_ms()}));
  TRY(drain_after_restore(handled));
  TRY_ASSIGN(const DeviceRecord now, store_.device(request->device));
  TRY(answer(*request, now, reply));
  const bool page = reply.status == ReplyStatus::Ok && !request->push_only && reply.tail.empty();
  if (page) TRY(add_page(*request, reply, handled));
  return finish(reply, request->device, std::move(handled));
}

// One that is not right is as good as none: its command is decided anew.
Status Server::take_receipts(const Request& request) {
  for (const Bytes& bytes : request.receipts) {
    const auto receipt = decode_receipt(bytes, organisation_.verify_key());
    const bool fits = receipt.ok() && receipt->organisation == store_.organisation() &&
                      receipt->command.device == request.device;
    if (fits) TRY(store_.present(*receipt, bytes));
  }
  return {};
}

Status Server::take_bundles(const Request& request, Reply& reply, Handled& handled) {
  TRY(take_receipts(request));
  for (const Bytes& bundle : request.bundles) {
    TRY_ASSIGN(const DeviceRecord device, store_.device(request.device));
    TRY_ASSIGN(const PushReport report, push_from(device, bundle, handled));
    if (report.status == PushStatus::Fork) handled.forked = true;
    reply.pushes.push_back(report);
  }
  if (!request.bundles.empty()) TRY(drain_parked(request.device, handled));
  return {};
}

Result<PushReport> Server::push(ByteView bundle, Handled& handled) {
  auto span = peek_bundle(bundle);
  if (!span) return rejected(span.error().code);
  auto device = store_.device(span->device);
  if (!device && device.error().code != ErrorCode::NotFound) return device.error();
  if (!device) return rejected(ErrorCode::NotFound);
  TRY_ASSIGN(const PushReport report, push_from(*device, bundle, handled));
  if (report.status == PushStatus::Fork) handled.forked = true;
  TRY(drain_parked(span->device, handled));
  return report;
}

Result<NewNumber> Server::rekey(DeviceId former, const RekeyRequest& request) {
  TRY_ASSIGN(const DeviceRecord device, store_.device(former));
  if (device.status == DeviceStatus::Retired) {
    return fail(ErrorCode::Refused, "a retired device gets no new number");
  }
  TRY_ASSIGN(const std::uint64_t common, common_commit(store_, device, request));
  if (common == std::min(request.last(), device.head)) return NewNumber{former, former, common, 0};
  return store_.rekey(former, common, request.sign_key, request.box_key);
}

// In the log, or parked behind it without a gap and only for others: nothing that a restore took
// away is only on the device, or waits for a catalogue that the restore took away, too. A request
// from before the restore may come late: it does not know of all.
Result<bool> Server::all_is_here(const Request& request) {
  if (request.cursor.epoch != store_.epoch()) return false;
  TRY_ASSIGN(const DeviceRecord device, store_.device(request.device));
  std::uint64_t here = device.head;
  if (here >= request.last) return true;
  TRY_ASSIGN(const std::vector<ParkedBundle> waiting, store_.parked_of(request.device));
  for (const ParkedBundle& parked : waiting) {
    if (parked.reason == ParkReason::NewerCatalogue) continue;
    TRY_ASSIGN(const ChainSpan span, peek_bundle(parked.bundle));
    if (span.first <= here + 1) here = std::max(here, span.last());
  }
  return here >= request.last;
}

// What every commit of this device that is to come has seen at least: where its last round
// ended, once all that it had written before is in the log. Nobody has to believe the device: a
// commit that has seen less than the horizon is not merged (BelowHorizon).
Result<std::uint64_t> Server::floor_of(const Request& request) {
  if (request.cursor.epoch != store_.epoch()) return std::uint64_t{0};
  TRY_ASSIGN(const DeviceRecord device, store_.device(request.device));
  if (request.last > device.head) return std::uint64_t{0};
  TRY_ASSIGN(const Hash256 mine, store_.chain_hash(device.id, request.last));
  return ack_hash(mine) == request.last_hash ? request.cursor.base : 0;
}

Result<PushReport> Server::let_in(const ParkedBundle& parked, Handled& handled) {
  TRY_ASSIGN(const DeviceRecord device, store_.device(parked.device));
  PushReport report;
  for (Terms terms = Terms::LetIn;;) {
    ParkReason why{};
    TRY_ASSIGN(report, take_bundle(device, parked.bundle, handled, terms, why));
    if (report.status != PushStatus::Parked || why != ParkReason::AfterRestore) break;
    // Its ground may wait for a person, too, or for ground of its own.
    TRY_ASSIGN(const bool awaited, store_.others_may_return(parked.device, clock_.wall_ms()));
    if (awaited) return report;
    TRY_ASSIGN(const Waiting mine, Waiting::of(store_, device, parked));
    TRY_ASSIGN(const std::vector<DeviceId> waiting, store_.waiting_after_restore());
    TRY_ASSIGN(const std::optional<Waiting> other, earliest_of(waiting));
    bool taken = false;
    if (other && other->before(mine)) {
      TRY_ASSIGN(taken, drain_parked(other->device, handled, Terms::LostGround));
    }
    if (!taken) terms = Terms::AsItStands;
  }
  if (report.status == PushStatus::Ok) TRY(store_.unpark(parked.id));
  TRY(drain_parked(parked.device, handled));
  return report;
}

Result<PushReport> Server::push_from(const DeviceRecord& device, ByteView bytes, Handled& handled) {
  ParkReason why{};
  TRY_ASSIGN(PushReport report, take_bundle(device, bytes, handled, Terms::Usual, why));
  if (report.status != PushStatus::Parked) return report;
  TRY_ASSIGN(const ChainSpan span, peek_bundle(bytes));
  const Status parked = store_.park(device.id, span.first, why, bytes, clock_.wall_ms());
  if (!parked.ok() && parked.error().code != ErrorCode::TooLarge) return parked.error();
  if (!parked.ok()) return rejected(ErrorCode::TooLarge);
  ++handled.parked;
  return report;
}

// Rejects what is not this device's or not whole; says Parked, and `why`, of what
// must wait; skips what is there already; appends the rest.
Result<PushReport> Server::take_bundle(const DeviceRecord& known, ByteView bytes, Handled& handled,
                                       Terms terms, ParkReason& why) {
  auto decoded = decode_bundle(bytes, known.sign_key);
  if (!decoded) return rejected(decoded.error().code);
  const Bundle& bundle = *decoded;
  const ChainSpan& span = bundle.span;
  if (span.device != known.id || span.organisation != store_.organisation()) {
    return rejected(ErrorCode::Refused);
  }
  const auto wait = [&why](ParkReason reason) {
    why = reason;
    return PushReport{PushStatus::Parked, {}};
  };
  if (known.status == DeviceStatus::Retired && terms != Terms::LetIn &&
      terms != Terms::AsItStands) {
    return wait(ParkReason::RetiredDevice);
  }
  if (span.catalogue > store_.catalogue()) return wait(ParkReason::NewerCatalogue);

  DeviceRecord device = known;
  for (int tries = 0; tries < kAppendTries; ++tries) {
    if (span.first > device.head + 1) return wait(ParkReason::Gap);
    const bool all_known = span.last() <= device.head;
    const std::size_t skip = broken(Law::KnownCommits) ? 0
                             : all_known               ? bundle.commits.size()
                                         : static_cast<std::size_t>(device.head + 1 - span.first);
    TRY_ASSIGN(const Hash256 theirs,
               store_.chain_hash(device.id, all_known ? span.last() : device.head));
    const Hash256& ours = skip == 0 ? span.previous : bundle.hashes[skip - 1];
    if (theirs != ours && !broken(Law::AckByHash)) return PushReport{PushStatus::Fork, {}};
    if (all_known) return PushReport{};
    auto appended = store_.append(bundle, skip, clock_.wall_ms(), terms);
    if (appended && *appended) return wait(**appended);
    if (appended) {
      handled.appended += bundle.commits.size() - skip;
      return PushReport{};
    }
    if (appended.error().code != ErrorCode::Conflict) return appended.error();
    TRY_ASSIGN(device, store_.device(device.id));
  }
  return fail(ErrorCode::Unavailable, "the chain of this device keeps moving");
}

// False when nothing of that device is parked that may go on.
Result<bool> Server::drain_one(DeviceId id, Handled& handled, Terms terms) {
  TRY_ASSIGN(const DeviceRecord device, store_.device(id));
  TRY_ASSIGN(const std::optional<ParkedBundle> parked, store_.parked_at(id, device.head + 1));
  if (!parked) return false;
  ParkReason why{};
  TRY_ASSIGN(const PushReport report, take_bundle(device, parked->bundle, handled, terms, why));
  if (report.status == PushStatus::Parked) {
    const bool known_now = why == ParkReason::BelowHorizon || why == ParkReason::TooLate ||
                           why == ParkReason::AfterRestore || why == ParkReason::RetiredDevice;
    if (known_now && why != parked->reason) TRY(store_.park_as(parked->id, why));
    return false;
  }
  if (report.status == PushStatus::Fork) {  // those commits may exist nowhere else
    TRY(store_.park_as(parked->id, ParkReason::Fork));
  } else {
    TRY(store_.unpark(parked->id));
  }
  return true;
}

// One on these terms, and then what stands behind it. False when that one did not go on.
Result<bool> Server::drain_parked(DeviceId id, Handled& handled, Terms terms) {
  TRY_ASSIGN(const bool any, drain_one(id, handled, terms));
  for (bool more = any; more;) {
    TRY_ASSIGN(more, drain_one(id, handled, Terms::Usual));
  }
  return any;
}

// What waits is tried whenever a device has been here. When all have brought what
// they hold and still nothing goes on, what is missing will never come: the earliest
// is taken as it stands, and its outcomes tell the author.
Status Server::drain_after_restore(Handled& handled) {
  while (true) {
    TRY_ASSIGN(const std::vector<DeviceId> waiting, store_.waiting_after_restore());
    bool moved = false;
    for (const DeviceId id : waiting) {
      TRY_ASSIGN(const bool one, drain_parked(id, handled));
      moved = moved || one;
    }
    if (moved) continue;
    TRY_ASSIGN(const std::optional<Waiting> first, earliest_of(waiting));
    if (!first) return {};
    TRY_ASSIGN(const bool awaited, store_.others_may_return(first->device, clock_.wall_ms()));
    if (awaited) return {};
    TRY_ASSIGN(const bool taken, drain_parked(first->device, handled, Terms::LostGround));
    if (!taken) return {};
  }
}

// Of what waits for lost ground, that of which nothing that waits can be the ground.
Result<std::optional<Server::Waiting>> Server::earliest_of(const std::vector<DeviceId>& waiting) {
  std::optional<Waiting> earliest;
  for (const DeviceId id : waiting) {
    TRY_ASSIGN(const DeviceRecord device, store_.device(id));
    TRY_ASSIGN(const auto parked, store_.parked_at(id, device.head + 1));
    if (!parked) continue;
    TRY_ASSIGN(const Waiting one, Waiting::of(store_, device, *parked));
    if (!earliest || one.before(*earliest)) earliest = one;
  }
  return earliest;
}

// A device that has lost its tail while that waits here gets it back from there, or
// it would write other commits under the same numbers.
Status Server::tail_from_parked(const Request& request, const DeviceRecord& device, Reply& reply) {
  TRY_ASSIGN(const std::vector<ParkedBundle> waiting, store_.parked_of(request.device));
  for (const ParkedBundle& parked : waiting) {
    if (parked.first > request.last + 1) return {};
    TRY_ASSIGN(const ChainSpan span, peek_bundle(parked.bundle));
    if (span.last() <= request.last) continue;
    TRY_ASSIGN(const Bundle bundle, decode_bundle(parked.bundle, device.sign_key));
    const auto known = static_cast<std::size_t>(request.last + 1 - span.first);
    const Hash256& before = known == 0 ? span.previous : bundle.hashes[known - 1];
    if (ack_hash(before) != request.last_hash) continue;  // another history
    reply.tail_first = request.last + 1;
    for (std::size_t i = known; i < bundle.commits.size(); ++i) {
      const ByteView body = bundle.canonical(i);
      reply.tail.push_back({bundle.hashes[i], Bytes(body.begin(), body.end())});
    }
    return {};
  }
  return {};
}

// Where the device's chain stands here, and what it has lost of it.
Status Server::answer(const Request& request, const DeviceRecord& device, Reply& reply) {
  reply.head = device.head;
  if (device.status == DeviceStatus::Retired) {
    reply.status = ReplyStatus::Retired;
    return {};
  }
  if (request.last <= device.head) {
    TRY_ASSIGN(const Hash256 mine, store_.chain_hash(device.id, request.last));
    reply.forked = ack_hash(mine) != request.last_hash && !broken(Law::AckByHash);
  }
  for (const PushReport& push : reply.pushes) {
    if (push.status == PushStatus::Fork) reply.forked = true;
  }
  if (request.push_only) return {};
  if (!reply.forked && request.last < device.head) {
    TRY_ASSIGN(auto tail, store_.tail(device.id, request.last, kTailBytesMax));
    reply.tail_first = request.last + 1;
    for (ChainedCommit& commit : tail) {
      reply.tail.push_back({commit.hash, std::move(commit.body)});
    }
    return {};
  }
  if (!reply.forked) TRY(tail_from_parked(request, device, reply));
  return {};
}

Result<Server::Place> Server::add_page(const Request& request, Reply& reply, Handled& handled) {
  PullQuery query;
  query.device = request.device;
  query.cursor = request.cursor;
  query.acked = request.acked;
  query.bytes_max = std::clamp(static_cast<std::size_t>(request.page_bytes_max), kPageBytesMin,
                               kPageBytesMax / 4);
  query.groups_max = static_cast<std::size_t>(request.groups_max);
  query.now_ms = reply.now_ms;
  query.kept = &kept_;
  TRY_ASSIGN(PullResult pulled, store_.pull(query));
  handled.more = !pulled.page.complete && !pulled.page.reset;
  const Page& page = pulled.page;
  handled.kept = pulled.body != nullptr;
  if (!pulled.body) {
    TRY_ASSIGN(PageBody body, encode_page_body(page));
    pulled.body = std::make_shared<const PageBody>(std::move(body));
    if (pulled.keep) pulled.keep(pulled.body);
  }
  reply.page = encode_page(page, *pulled.body, organisation_);
  reply.note = std::move(pulled.note);
  Place place;
  place.cursor = after_page(request.cursor, page, reply.note);
  place.acked = page.reset ? std::min(request.acked, page.acked) : request.acked;
  place.end = page.complete && !page.reset;
  return place;
}

}  // namespace banyan::sync
