#include "shared/changelog/compress.h"

#include <zstd.h>

#include <memory>
#include <string>

namespace banyan {
namespace {

constexpr int kZstdLevel = 3;
constexpr std::size_t kBlockMin = 2048;  // below it, a block's own code costs more than it saves

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Working memory of a megabyte that is worth keeping; it holds no state between
// frames.
ZSTD_CCtx& packing_context() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  BANYAN_CHECK(context != nullptr);
  return *context;
}
ZSTD_DCtx& unpacking_context() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  BANYAN_CHECK(context != nullptr);
  return *context;
}

void feed(ZSTD_CCtx& context, ByteView part, ZSTD_outBuffer& out, ZSTD_EndDirective directive) {
  ZSTD_inBuffer in{part.data(), part.size(), 0};
  // The output has room for everything, so one call does it.
  const std::size_t left = ZSTD_compressStream2(&context, &out, &in, directive);
  BANYAN_CHECK(ZSTD_isError(left) == 0 && (left == 0 || directive == ZSTD_e_continue));
}

}  // namespace

Bytes compress(ByteView plain, std::span<const std::size_t> cuts) {
  ZSTD_CCtx& context = packing_context();
  BANYAN_CHECK(ZSTD_isError(ZSTD_CCtx_reset(&context, ZSTD_reset_session_and_parameters)) == 0);
  BANYAN_CHECK(
      ZSTD_isError(ZSTD_CCtx_setParameter(&context, ZSTD_c_compressionLevel, kZstdLevel)) == 0);
  BANYAN_CHECK(ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(&context, plain.size())) == 0);
  // A block has 3 bytes of header.
  Bytes packed(ZSTD_compressBound(plain.size()) + 3 * cuts.size());
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    BANYAN_CHECK(cut <= plain.size());
    if (cut < from + kBlockMin || plain.size() < cut + kBlockMin) continue;
    feed(context, plain.subspan(from, cut - from), out, ZSTD_e_flush);
    from = cut;
  }
  feed(context, plain.subspan(from), out, ZSTD_e_end);
  packed.resize(out.pos);
  return packed;
}

Result<Bytes> decompress(ByteView packed, std::size_t size_max) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
      ZSTD_findFrameCompressedSize(packed.data(), packed.size()) != packed.size()) {
    return fail(ErrorCode::Corrupt, "zstd: not one whole frame with its size");
  }
  if (size > size_max) {
    return fail(ErrorCode::TooLarge, "zstd: unpacks to " + std::to_string(size) + " bytes");
  }
  Bytes plain(static_cast<std::size_t>(size));
  const std::size_t got = ZSTD_decompressDCtx(&unpacking_context(), plain.data(), plain.size(),
                                              packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != plain.size()) {
    return fail(ErrorCode::Corrupt, "zstd: damaged frame");
  }
  return plain;
}

}  // namespace banyan
