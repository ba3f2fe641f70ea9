#include "shared/changelog/wire.h"

namespace banyan::wire {

CellHeader read_header(ByteReader& in, std::uint32_t field_min) {
  const std::uint64_t packed = in.varint();
  const std::uint64_t field = packed >> 3;
  if (field < field_min || field > kFieldMax) in.fail();
  return {static_cast<std::uint32_t>(field), (packed & 4) != 0, static_cast<Type>(packed & 3)};
}

void put_value(const Value& value, ByteWriter& out) {
  switch (type_of(value)) {
    case Type::Int: out.svarint(*std::get_if<std::int64_t>(&value)); break;
    case Type::Bytes: out.block(*std::get_if<std::string>(&value)); break;
    case Type::Null: break;
    case Type::Id: out.u64(static_cast<std::uint64_t>(number(*std::get_if<RowId>(&value)))); break;
  }
}

void get_value(Type type, ByteReader& in, Value& out) {
  switch (type) {
    case Type::Int: out = in.svarint(); break;
    case Type::Bytes: {
      const std::string_view text = in.text(kCellSizeMax);
      if (auto* held = std::get_if<std::string>(&out)) {
        held->assign(text);
      } else {
        out.emplace<std::string>(text);
      }
      break;
    }
    case Type::Null: out = std::monostate{}; break;
    case Type::Id: out = RowId{static_cast<std::int64_t>(in.u64())}; break;
  }
}

void put_hlc(std::uint64_t hlc, std::uint64_t near, ByteWriter& out) {
  const std::uint32_t counter = hlc_counter(hlc);
  out.varint(zigzag(hlc_ms(hlc) - hlc_ms(near)) << 1 | (counter != 0 ? 1 : 0));
  if (counter != 0) out.varint(counter);
}

std::uint64_t get_hlc(std::uint64_t near, ByteReader& in) {
  const std::uint64_t packed = in.varint();
  const std::uint64_t counter = (packed & 1) != 0 ? in.varint() : 0;
  const auto ms =
      static_cast<std::uint64_t>(hlc_ms(near)) + static_cast<std::uint64_t>(unzigzag(packed >> 1));
  const bool padded = (packed & 1) != 0 && counter == 0;
  if (padded || counter > 0xFFFF || ms > static_cast<std::uint64_t>(kHlcMsMax)) {
    in.fail();
    return 0;
  }
  return ms << 16 | counter;
}

DeviceId get_device(ByteReader& in) { return DeviceId{get_u32(in, kDeviceIdMax)}; }

std::uint32_t get_u32(ByteReader& in, std::uint32_t max) {
  const std::uint64_t v = in.varint();
  if (v <= max) return static_cast<std::uint32_t>(v);
  in.fail();
  return max;
}

}  // namespace banyan::wire
