// Requests and replies as bytes. PROTOCOL.md has the layout.
#include <algorithm>

#include "shared/changelog/limits.h"
#include "shared/sync/protocol.h"
#include "shared/sync/receipt.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kRequestMagic = "BNQ1";
constexpr std::string_view kReplyMagic = "BNR1";
constexpr std::string_view kRequestContext = "banyan-q1";
constexpr std::string_view kReplyContext = "banyan-r1";
constexpr std::size_t kRunsMax = 1 << 20;

Bytes signed_message(std::string_view context, ByteView body) {
  ByteWriter out;
  out.raw(as_bytes(context));
  out.raw(body);
  return out.take();
}

Bytes sign_and_take(ByteWriter& out, std::string_view context, const SigningKey& key) {
  out.raw(key.sign(signed_message(context, out.view())).view());
  return out.take();
}

void write_header(ByteWriter& out, std::string_view magic, std::uint32_t organisation,
                  std::uint32_t catalogue) {
  out.raw(as_bytes(magic));
  out.u8(kProtocolVersion);
  out.u8(kAlgorithm);
  out.u32(organisation);
  out.u32(catalogue);
}

Status read_header(ByteReader& in, std::string_view magic, std::uint32_t& organisation,
                   std::uint32_t& catalogue) {
  if (as_text(in.raw(magic.size())) != magic) {
    return fail(ErrorCode::Corrupt, "no " + std::string(magic) + " message");
  }
  const std::uint8_t version = in.u8();
  const std::uint8_t algorithm = in.u8();
  if (in.ok() && (version != kProtocolVersion || algorithm != kAlgorithm)) {
    return fail(ErrorCode::Newer, "message version " + std::to_string(version));
  }
  organisation = in.u32();
  catalogue = in.u32();
  return {};
}

// Counts come before their elements; none is longer than the bytes left.
std::size_t read_count(ByteReader& in, std::size_t count_max) {
  const std::uint64_t count = in.varint();
  if (count > count_max || count > in.left()) {
    in.fail();
    return 0;
  }
  return static_cast<std::size_t>(count);
}

template <class Enum>
Enum read_enum(ByteReader& in, Enum last) {
  const std::uint8_t number = in.u8();
  if (number > static_cast<std::uint8_t>(last)) in.fail();
  return static_cast<Enum>(number);
}

Bytes to_bytes(ByteView view) { return Bytes(view.begin(), view.end()); }

void write_blocks(ByteWriter& out, const std::vector<Bytes>& blocks) {
  out.varint(blocks.size());
  for (const Bytes& block : blocks) out.block(block);
}

std::vector<Bytes> read_blocks(ByteReader& in, std::size_t count_max, std::size_t size_max) {
  std::vector<Bytes> blocks(read_count(in, count_max));
  for (Bytes& block : blocks) block = to_bytes(in.block(size_max));
  return blocks;
}

}  // namespace

void write_cursor(ByteWriter& out, const Cursor& cursor) {
  out.u32(cursor.epoch);
  out.varint(cursor.base);
  out.varint(cursor.pos);
  out.varint(cursor.sub);
  out.varint(cursor.start);
  out.raw(cursor.pos_hash.view());
  put_place(cursor.resume, out);
}

Cursor read_cursor(ByteReader& in) {
  Cursor cursor;
  cursor.epoch = in.u32();
  cursor.base = in.varint();
  cursor.pos = in.varint();
  cursor.sub = in.varint();
  cursor.start = in.varint();
  in.take(cursor.pos_hash);
  cursor.resume = get_place(in);
  return cursor;
}

namespace {

void write_note(ByteWriter& out, const PageNote& note) {
  out.varint(note.sub);
  out.varint(note.start);
  out.varint(note.left);
  out.varint(note.runs.size());
  for (const AckRun& run : note.runs) {
    out.varint(run.dseq);
    out.varint(run.seq);
    out.varint(run.count);
  }
  out.varint(note.flags.size());
  for (const CommitFlags& f : note.flags) {
    out.varint(f.dseq);
    out.u8(f.flags);
  }
  write_blocks(out, note.receipts);
}

PageNote read_note(ByteReader& in) {
  PageNote note;
  note.sub = in.varint();
  note.start = in.varint();
  note.left = in.varint();
  note.runs.resize(read_count(in, kRunsMax));
  for (AckRun& run : note.runs) {
    run.dseq = in.varint();
    run.seq = in.varint();
    run.count = in.varint();
  }
  note.flags.resize(read_count(in, kRunsMax));
  for (CommitFlags& f : note.flags) {
    f.dseq = in.varint();
    f.flags = in.u8();
  }
  note.receipts = read_blocks(in, kRunsMax, kReceiptBytesMax);
  return note;
}

bool signature_fits(ByteView in, std::string_view context, const VerifyKey& key) {
  if (in.size() < Signature::kSize) return false;
  Signature signature;
  const ByteView tail = in.last(Signature::kSize);
  std::copy(tail.begin(), tail.end(), signature.bytes.begin());
  return verify(key, signed_message(context, in.first(in.size() - Signature::kSize)), signature);
}

}  // namespace

Bytes encode_request(const Request& request, const SigningKey& key) {
  ByteWriter out;
  write_header(out, kRequestMagic, request.organisation, request.catalogue);
  out.u32(number(request.device));
  out.u64(request.nonce);
  out.block(request.challenge);
  write_cursor(out, request.cursor);
  out.varint(request.acked);
  out.varint(request.last);
  out.raw(request.last_hash.view());
  out.varint(request.page_bytes_max);
  out.varint(request.groups_max);
  out.u8(request.push_only ? 1 : 0);
  write_blocks(out, request.receipts);
  write_blocks(out, request.bundles);
  return sign_and_take(out, kRequestContext, key);
}

Result<Request> decode_request(ByteView in) {
  if (in.size() > kRequestBytesMax) return fail(ErrorCode::TooLarge, "request");
  if (in.size() < Signature::kSize) return fail(ErrorCode::Corrupt, "request is cut short");
  ByteReader reader(in.first(in.size() - Signature::kSize));
  Request request;
  TRY(read_header(reader, kRequestMagic, request.organisation, request.catalogue));
  const std::uint32_t device = reader.u32();
  if (device > kDeviceIdMax) reader.fail();
  request.device = DeviceId{device};
  request.nonce = reader.u64();
  request.challenge = to_bytes(reader.block(kChallengeMax));
  request.cursor = read_cursor(reader);
  request.acked = reader.varint();
  request.last = reader.varint();
  reader.take(request.last_hash);
  request.page_bytes_max = reader.varint();
  request.groups_max = reader.varint();
  const std::uint8_t push_only = reader.u8();
  if (push_only > 1) reader.fail();
  request.push_only = push_only == 1;
  request.receipts = read_blocks(reader, kReceiptsMax, kReceiptBytesMax);
  request.bundles = read_blocks(reader, kBundlesMax, kBundleSizeMax);
  TRY(reader.finish("request"));
  return request;
}

bool verify_request(ByteView in, const VerifyKey& key) {
  return signature_fits(in, kRequestContext, key);
}

Bytes encode_reply(const Reply& reply, const SigningKey& organisation) {
  ByteWriter out;
  write_header(out, kReplyMagic, reply.organisation, reply.catalogue);
  out.u8(static_cast<std::uint8_t>(reply.status));
  out.u64(reply.nonce);
  out.svarint(reply.now_ms);
  out.block(reply.next_challenge);
  out.varint(reply.pushes.size());
  for (const PushReport& push : reply.pushes) {
    out.u8(static_cast<std::uint8_t>(push.status));
    out.u8(static_cast<std::uint8_t>(push.reason));
  }
  out.varint(reply.head);
  out.u8(reply.forked ? 1 : 0);
  out.varint(reply.tail_first);
  out.varint(reply.tail.size());
  for (const TailCommit& commit : reply.tail) {
    out.raw(commit.hash.view());
    out.block(commit.body);
  }
  out.block(reply.page);
  write_note(out, reply.note);
  return sign_and_take(out, kReplyContext, organisation);
}

Result<Reply> decode_reply(ByteView in, const VerifyKey& organisation) {
  if (in.size() > kReplyBytesMax) return fail(ErrorCode::TooLarge, "reply");
  if (!signature_fits(in, kReplyContext, organisation)) {
    return fail(ErrorCode::Refused, "reply is not signed by the organisation");
  }
  ByteReader reader(in.first(in.size() - Signature::kSize));
  Reply reply;
  TRY(read_header(reader, kReplyMagic, reply.organisation, reply.catalogue));
  reply.status = read_enum(reader, ReplyStatus::Retired);
  reply.nonce = reader.u64();
  reply.now_ms = reader.svarint();
  reply.next_challenge = to_bytes(reader.block(kChallengeMax));
  reply.pushes.resize(read_count(reader, kBundlesMax));
  for (PushReport& push : reply.pushes) {
    push.status = read_enum(reader, PushStatus::Rejected);
    push.reason = static_cast<ErrorCode>(reader.u8());
  }
  reply.head = reader.varint();
  reply.forked = read_enum(reader, std::uint8_t{1}) == 1;
  reply.tail_first = reader.varint();
  reply.tail.resize(read_count(reader, kTailBytesMax));
  for (TailCommit& commit : reply.tail) {
    reader.take(commit.hash);
    commit.body = to_bytes(reader.block(kCommitSizeMax));
  }
  reply.page = to_bytes(reader.block(kPageSizeMax));
  reply.note = read_note(reader);
  TRY(reader.finish("reply"));
  return reply;
}

Bytes encode_outcome(const CommitOutcome& outcome) {
  if (outcome.flags == 0 && outcome.ops.empty()) return {};
  ByteWriter out;
  out.u8(outcome.flags);
  if ((outcome.flags & kLetIn) != 0) out.varint(outcome.seen);
  for (const CommitOutcome::Op& op : outcome.ops) {
    out.varint(op.row);
    out.varint(op.field);
    out.u8(static_cast<std::uint8_t>(op.outcome));
  }
  return out.take();
}

Result<CommitOutcome> decode_outcome(std::uint64_t dseq, ByteView in) {
  CommitOutcome outcome;
  outcome.dseq = dseq;
  if (in.empty()) return outcome;
  ByteReader reader(in);
  outcome.flags = reader.u8();
  if ((outcome.flags & kLetIn) != 0) outcome.seen = reader.varint();
  while (reader.ok() && !reader.done()) {
    CommitOutcome::Op op;
    op.row = static_cast<std::uint32_t>(reader.varint());
    op.field = static_cast<std::uint32_t>(reader.varint());
    op.outcome = read_enum(reader, kOutcomeLast);
    outcome.ops.push_back(op);
  }
  TRY(reader.finish("outcome"));
  return outcome;
}

}  // namespace banyan::sync
