#include "shared/sync/receipt.h"

#include <algorithm>
#include <string>

#include "shared/changelog/codec.h"
#include "shared/sync/protocol.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kReceiptContext = "banyan-c0";

Bytes signed_part(ByteView body) {
  ByteWriter out;
  out.raw(as_bytes(kReceiptContext));
  out.raw(body);
  return out.take();
}

void put_value(const Value& value, ByteWriter& out) {
  ByteWriter bytes;
  encode_value(value, bytes);
  out.block(bytes.view());
}

Value get_value(ByteReader& in) {
  Result<Value> value = decode_value(in.block(kReceiptBytesMax));
  if (!value.ok()) in.fail();
  return value.ok() ? std::move(*value) : Value{};
}

std::uint32_t get_u32(ByteReader& in, std::uint64_t max) {
  const std::uint64_t number = in.varint();
  if (number > max) in.fail();
  return static_cast<std::uint32_t>(std::min(number, max));
}

}  // namespace

Bytes encode_receipt(const Receipt& receipt, const SigningKey& organisation) {
  BANYAN_CHECK(!receipt.steps.empty());
  ByteWriter out;
  out.u8(kProtocolVersion);
  out.u8(kAlgorithm);
  out.u32(receipt.organisation);
  out.u32(number(receipt.command.device));
  out.varint(receipt.command.dseq);
  out.varint(receipt.command.op);
  out.varint(receipt.entity);
  out.u64(static_cast<std::uint64_t>(number(receipt.row)));
  out.u32(receipt.epoch);
  out.varint(receipt.seq);
  out.svarint(receipt.time_ms);
  out.varint(receipt.steps.size());
  for (const Step& step : receipt.steps) {
    out.varint(step.field);
    put_value(step.from, out);
    put_value(step.to, out);
  }
  const Signature signature = organisation.sign(signed_part(out.view()));
  out.raw(signature.view());
  return out.take();
}

Result<Receipt> read_receipt(ByteView in) {
  if (in.size() > kReceiptBytesMax) return fail(ErrorCode::TooLarge, "receipt");
  if (in.size() < Signature::kSize) return fail(ErrorCode::Corrupt, "receipt is cut short");
  ByteReader reader(in.first(in.size() - Signature::kSize));
  Receipt receipt;
  const std::uint8_t version = reader.u8();
  const std::uint8_t algorithm = reader.u8();
  if (reader.ok() && (version != kProtocolVersion || algorithm != kAlgorithm)) {
    return fail(ErrorCode::Newer, "receipt version " + std::to_string(version));
  }
  receipt.organisation = reader.u32();
  const std::uint32_t device = reader.u32();
  if (device > kDeviceIdMax) reader.fail();
  receipt.command.device = DeviceId{device};
  receipt.command.dseq = reader.varint();
  receipt.command.op = get_u32(reader, ~0U);
  receipt.entity = get_u32(reader, kEntityMax);
  receipt.row = RowId{static_cast<std::int64_t>(reader.u64())};
  receipt.epoch = reader.u32();
  receipt.seq = reader.varint();
  receipt.time_ms = reader.svarint();
  const std::uint64_t count = reader.varint();
  if (count == 0 || count > reader.left()) reader.fail();
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Step step;
    step.field = get_u32(reader, kFieldMax);
    step.from = get_value(reader);
    step.to = get_value(reader);
    receipt.steps.push_back(std::move(step));
  }
  TRY(reader.finish("receipt"));
  return receipt;
}

Result<Receipt> decode_receipt(ByteView in, const VerifyKey& organisation) {
  TRY_ASSIGN(Receipt receipt, read_receipt(in));
  Signature signature;
  const ByteView tail = in.last(Signature::kSize);
  std::copy(tail.begin(), tail.end(), signature.bytes.begin());
  if (!verify(organisation, signed_part(in.first(in.size() - Signature::kSize)), signature)) {
    return fail(ErrorCode::Refused, "receipt of another organisation");
  }
  return receipt;
}

}  // namespace banyan::sync
