#include "shared/storage/commit_rows.h"

namespace banyan {

Result<std::vector<sync::ChainedCommit>> read_commits(Statement find, std::size_t bytes_max) {
  std::vector<sync::ChainedCommit> out;
  std::size_t bytes = 0;
  while (out.empty() || bytes < bytes_max) {
    TRY_ASSIGN(const bool more, find.step());
    if (!more) break;
    sync::ChainedCommit commit;
    commit.dseq = from_sql(find.integer(0));
    TRY_ASSIGN(commit.hash, Hash256::from(find.blob(1)));
    const ByteView body = find.blob(2);
    commit.body.assign(body.begin(), body.end());
    bytes += body.size();
    out.push_back(std::move(commit));
  }
  return out;
}

Bytes encode_dots(std::span<const Dot> dots) {
  ByteWriter out;
  for (const Dot& dot : dots) {
    out.varint(number(dot.device));
    out.varint(dot.seq);
  }
  return out.take();
}

Result<std::vector<Dot>> decode_dots(ByteView in) {
  std::vector<Dot> dots;
  ByteReader reader(in);
  while (reader.ok() && !reader.done()) {
    const std::uint64_t device = reader.varint();
    if (device > kDeviceIdMax) reader.fail();
    dots.push_back({DeviceId{static_cast<std::uint32_t>(device)}, reader.varint()});
  }
  TRY(reader.finish("former numbers"));
  return dots;
}

}  // namespace banyan
