#include "shared/sync/client.h"

#include <algorithm>

#include "shared/base/laws.h"
#include "shared/changelog/bundle.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/page.h"

namespace banyan::sync {
namespace {

// A page should take about this long to apply, so that a frame is not missed. In a first
// round nobody works yet, and larger transactions write each page of the file less often.
constexpr std::int64_t kApplyTargetMs = 8;
constexpr std::int64_t kFirstRoundTargetMs = 64;

}  // namespace

Client::Client(DeviceStore& store, const SigningKey& key, const VerifyKey& organisation,
               const Clock& clock, Random& random)
    : Client(store, key, organisation, clock, random, Limits{}) {}

Client::Client(DeviceStore& store, const SigningKey& key, const VerifyKey& organisation,
               const Clock& clock, Random& random, Limits limits)
    : store_(store),
      key_(key),
      organisation_(organisation),
      clock_(clock),
      random_(random),
      limits_(limits) {}

Request Client::start_request(const DeviceState& state) {
  Request request;
  request.device = state.device;
  request.organisation = state.organisation;
  request.catalogue = state.catalogue;
  request.cursor = state.cursor;
  request.acked = state.acked;
  request.last = state.last;
  request.last_hash = ack_hash(state.last_hash);
  request.page_bytes_max = limits_.page_bytes;
  request.groups_max = limits_.groups_max;
  return request;
}

Result<Bytes> Client::make_request() {
  TRY_ASSIGN(const DeviceState state, store_.state());
  Request request = start_request(state);
  request.challenge = challenge_;
  // Without a challenge nothing would be taken: ask for one first.
  if (!challenge_.empty() && !state.forked) {
    TRY_ASSIGN(request.bundles, make_bundles(state));
    TRY(add_receipts(state.acked, asked_pushed_, request));
  }
  do nonce_ = random_.next_u64();
  while (nonce_ == 0);
  request.nonce = nonce_;
  asked_last_ = state.last;
  return encode_request(request, key_);
}

Result<std::vector<Bytes>> Client::make_bundles(const DeviceState& state) {
  const std::uint64_t there = std::max(server_head_, pushed_);
  const std::uint64_t after = std::max(state.acked, std::min(there, state.last));
  return bundles_after(state, after, std::min(limits_.push_bytes, kPushBytesMax), asked_pushed_);
}

// Own commits after `after`, as many as one request may have; `last` is the newest of them.
Result<std::vector<Bytes>> Client::bundles_after(const DeviceState& state, std::uint64_t after,
                                                 std::size_t bytes_max, std::uint64_t& last) {
  std::vector<Bytes> bundles;
  last = after;
  if (after >= state.last) return bundles;
  TRY_ASSIGN(const std::vector<ChainedCommit> own, store_.own_after(after, bytes_max));
  TRY_ASSIGN(Hash256 previous, store_.chain_hash(after));
  std::size_t at = 0;
  while (at < own.size() && bundles.size() < kBundlesMax) {
    std::vector<Commit> commits;
    TRY(collect(own, at, state.cursor.epoch, commits));
    const std::size_t count = commits.size();
    ChainSpan span;
    span.organisation = state.organisation;
    span.device = state.device;
    span.first = own[at].dseq;
    span.previous = previous;
    TRY_ASSIGN(Bytes bundle, encode_bundle(span, commits, key_));
    bundles.push_back(std::move(bundle));
    at += count;
    previous = own[at - 1].hash;
  }
  if (at > 0) last = own[at - 1].dseq;
  return bundles;
}

// What was decided before the server was restored, it shall decide the same way: the receipts of
// own commands after `after`, up to `last`.
Status Client::add_receipts(std::uint64_t after, std::uint64_t last, Request& request) {
  if (request.bundles.empty()) return {};
  TRY_ASSIGN(std::vector<Bytes> all, store_.receipts(after + 1, last));
  std::size_t bytes = 0;
  for (Bytes& receipt : all) {
    bytes += receipt.size();
    if (bytes > kReceiptsBytesMax || request.receipts.size() == kReceiptsMax) break;
    request.receipts.push_back(std::move(receipt));
  }
  return {};
}

// The commits of one bundle. What was written before a restore goes alone: a bundle is
// taken whole or not at all, and one commit may have to wait for another device.
Status Client::collect(std::span<const ChainedCommit> own, std::size_t at, std::uint32_t epoch,
                       std::vector<Commit>& commits) const {
  for (; at < own.size() && commits.size() < limits_.bundle_commits; ++at) {
    Commit commit;
    TRY(decode_commit(own[at].body, commit));
    const bool alone = commit.epoch != epoch && commit.epoch != 0;
    if (alone && !commits.empty()) return {};
    commits.push_back(std::move(commit));
    if (alone) return {};
  }
  return {};
}

Result<Progress> Client::handle_reply(ByteView bytes) {
  TRY_ASSIGN(const Reply reply, decode_reply(bytes, organisation_));
  if (nonce_ == 0 || reply.nonce != nonce_) {
    return fail(ErrorCode::Conflict, "reply to another request");
  }
  nonce_ = 0;
  challenge_ = reply.next_challenge;
  Progress progress;
  TRY_ASSIGN(const DeviceState state, store_.state());
  progress.newer_catalogue = reply.catalogue > state.catalogue;
  switch (reply.status) {
    case ReplyStatus::Ok: break;
    case ReplyStatus::ChallengeExpired: progress.more = true; return progress;
    case ReplyStatus::UnknownDevice: progress.unknown_device = true; return progress;
    case ReplyStatus::Retired: progress.retired = true; return progress;
    case ReplyStatus::Busy: progress.busy = true; return progress;
    case ReplyStatus::BadSignature:
    case ReplyStatus::Malformed:
      return fail(ErrorCode::Refused, "the server could not use the request");
  }
  const bool head_moved = server_head_ != reply.head;
  server_head_ = reply.head;
  for (const PushReport& push : reply.pushes) {
    if (push.status == PushStatus::Rejected) ++progress.rejected;
    if (push.status == PushStatus::Parked) ++progress.parked;
  }
  if (reply.forked && !state.forked) TRY(store_.set_forked(true));
  progress.forked = reply.forked || state.forked;
  if (!reply.tail.empty()) {
    TRY(take_tail(state, reply, progress));
    return progress;
  }
  if (!reply.page.empty()) TRY(take_page(reply, progress));
  // Only an answer proves that the request got there.
  if (!progress.forked && !progress.was_reset) {
    TRY(store_.mark_sent(std::min(asked_pushed_, state.last)));
  }
  TRY_ASSIGN(const DeviceState after, store_.state());
  progress.left = after.left;
  if (more_to_push(after, head_moved, progress)) progress.more = true;
  if (!progress.more) pushed_ = 0;
  return progress;
}

// What the server has put aside is not sent twice in one sync, but all behind it
// goes there too: it is safer there.
bool Client::more_to_push(const DeviceState& state, bool head_moved, const Progress& progress) {
  if (progress.forked || progress.rejected > 0) return false;
  if (head_moved || progress.was_reset) pushed_ = 0;
  if (progress.parked > 0 && !head_moved) pushed_ = asked_pushed_;
  return state.last > std::max(server_head_, pushed_);
}

// The server holds commits of this device that the device has lost.
Status Client::take_tail(const DeviceState& state, const Reply& reply, Progress& progress) {
  progress.more = true;
  // Somebody wrote since the request: the next one will tell whether that forked.
  if (state.last != asked_last_ || reply.tail_first != state.last + 1) return {};
  std::vector<ChainedCommit> commits;
  for (std::size_t i = 0; i < reply.tail.size(); ++i) {
    commits.push_back({reply.tail_first + i, reply.tail[i].hash, reply.tail[i].body});
  }
  return store_.adopt(commits);
}

Status Client::take_page(const Reply& reply, Progress& progress) {
  TRY_ASSIGN(Page page, decode_page(reply.page, organisation_));
  TRY_ASSIGN(const DeviceState state, store_.state());
  PageNote note = reply.note;
  if (page.device != state.device || page.organisation != state.organisation) {
    return fail(ErrorCode::Corrupt, "page for another device");
  }
  if (page.reset) {
    server_head_ = page.acked;
    progress.was_reset = true;
  } else {
    TRY_ASSIGN(const bool mine, on_my_chain(state, page));
    if (!mine && !state.forked) TRY(store_.set_forked(true));
    if (!mine || state.forked) {
      // Reading goes on; what is acknowledged is somebody else's.
      progress.forked = true;
      page.acked = state.acked;
      page.outcomes.clear();
      note.runs.clear();
      note.flags.clear();
      note.receipts.clear();
    }
  }
  TRY(check_receipts(note));
  const std::int64_t start = clock_.monotonic_ms();
  TRY(store_.apply(page, note));
  // A page that ends a round says nothing: it may be nearly empty.
  if (!page.complete && !page.reset) adapt(clock_.monotonic_ms() - start, page.base == 0);
  progress.complete = page.complete && !page.reset;
  progress.more = !progress.complete;
  progress.aggregates = page.aggregates.size();
  return {};
}

// Whether the commit that the page acknowledges is the one that this device made.
Result<bool> Client::on_my_chain(const DeviceState& state, const Page& page) {
  if (page.acked > state.last) {
    // Written by a request in between, or by a clone: the next request settles it.
    return fail(ErrorCode::Conflict, "the server acknowledges commits that are not here");
  }
  if (page.acked < state.acked) {
    return fail(ErrorCode::Corrupt, "the server takes back an acknowledgement");
  }
  TRY_ASSIGN(const Hash256 hash, store_.chain_hash(page.acked));
  return ack_hash(hash) == page.acked_hash || broken(Law::AckByHash);
}

// What is kept as the server's word must be it.
Status Client::check_receipts(const PageNote& note) const {
  for (const Bytes& bytes : note.receipts) TRY(decode_receipt(bytes, organisation_));
  return {};
}

void Client::adapt(std::int64_t took_ms, bool first_round) {
  if (!limits_.adapt) return;
  const std::int64_t target = first_round ? kFirstRoundTargetMs : kApplyTargetMs;
  if (took_ms > target) limits_.page_bytes = limits_.page_bytes * 3 / 4;
  if (took_ms < target / 2) limits_.page_bytes = limits_.page_bytes * 5 / 4;
  limits_.page_bytes = std::clamp(limits_.page_bytes, kPageBytesMin, kPageBytesMax / 4);
}

}  // namespace banyan::sync
