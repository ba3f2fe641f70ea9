#include "shared/sync/frames.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "shared/crypto/hash.h"

namespace banyan::sync {
namespace {

constexpr std::string_view kStart = "BN0:";
constexpr std::uint8_t kVersion = 0;
constexpr std::size_t kSeriesBytes = 8;
constexpr std::string_view kBase45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

// RFC 9285: two bytes are three digits, a last single one two.
std::string to_base45(ByteView in) {
  std::string out;
  const auto put = [&out](unsigned value, int digits) {
    for (; digits > 0; --digits, value /= 45) out += kBase45[value % 45];
  };
  for (std::size_t at = 0; at + 1 < in.size(); at += 2) put(in[at] * 256U + in[at + 1], 3);
  if (in.size() % 2 == 1) put(in.back(), 2);
  return out;
}

std::optional<Bytes> from_base45(std::string_view text) {
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::string_view digits = text.substr(at, 3);
    std::size_t value = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      const std::size_t worth = kBase45.find(*digit);
      if (worth == std::string_view::npos) return std::nullopt;
      value = value * 45 + worth;
    }
    const std::size_t most = digits.size() == 3 ? 0xFFFF : 0xFF;
    if (digits.size() == 1 || value > most) return std::nullopt;
    if (digits.size() == 3) out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  return out;
}

// Parts of one length; the last is filled up with zeros.
std::size_t parts_of(std::size_t size) { return (size + kFramePartMax - 1) / kFramePartMax; }
std::size_t part_size(std::size_t size) {
  const std::size_t parts = parts_of(size);
  return (size + parts - 1) / parts;
}

void add_to(Bytes& sum, ByteView other) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= other[i];
}

// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return (z ^ (z >> 31)) % bound;
  }

 private:
  std::uint64_t state_;
};

// Which parts are in frame `number`. Half of all, a quarter, an eighth and so on, each as often as
// the others: whatever a camera lacks, some of them have just one part of that.
std::vector<std::uint32_t> members(std::uint64_t number, std::size_t parts) {
  if (number < parts) return {static_cast<std::uint32_t>(number)};
  SplitMix random(number);
  const auto scales = static_cast<std::uint64_t>(std::bit_width(parts) - 1);
  const std::size_t share = scales == 0 ? 1 : parts >> (1 + random.below(scales));
  const std::size_t count = std::max<std::size_t>(share, 1);
  std::vector<std::uint32_t> all(parts);
  std::iota(all.begin(), all.end(), 0U);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(all[i], all[i + static_cast<std::size_t>(random.below(parts - i))]);
  }
  all.resize(count);
  return all;
}

Bytes series_of(ByteView content) {
  const Hash256 hash = hash256(content);
  return Bytes(hash.bytes.begin(), hash.bytes.begin() + kSeriesBytes);
}

}  // namespace

Result<FrameSeries> FrameSeries::make(Bytes content) {
  if (content.empty()) return fail(ErrorCode::Invalid, "nothing to show");
  if (content.size() > kFramedBytesMax) {
    return fail(ErrorCode::TooLarge, std::to_string(content.size()) + " bytes as QR codes");
  }
  return FrameSeries(std::move(content));
}

std::size_t FrameSeries::parts() const { return parts_of(content_.size()); }

std::string FrameSeries::frame(std::uint64_t number) const {
  const std::size_t size = part_size(content_.size());
  Bytes sum(size);
  for (const std::uint32_t part : members(number, parts())) {
    const ByteView bytes = ByteView(content_).subspan(part * size);
    const ByteView own = bytes.first(std::min(size, bytes.size()));
    for (std::size_t i = 0; i < own.size(); ++i) sum[i] ^= own[i];
  }
  ByteWriter out;
  out.u8(kVersion);
  out.raw(series_of(content_));
  out.varint(content_.size());
  out.varint(number);
  out.raw(sum);
  return std::string(kStart) + to_base45(out.view());
}

Result<bool> FrameReader::take(std::string_view text) {
  const Error none = fail(ErrorCode::Corrupt, "no frame of ours");
  if (text.substr(0, kStart.size()) != kStart) return none;
  const auto bytes = from_base45(text.substr(kStart.size()));
  if (!bytes) return none;
  ByteReader in(*bytes);
  const std::uint8_t version = in.u8();
  const ByteView series = in.raw(kSeriesBytes);
  const std::uint64_t size = in.varint();
  const std::uint64_t number = in.varint();
  if (!in.ok() || size == 0 || size > kFramedBytesMax || number > kFrameNumberMax) return none;
  if (version != kVersion) return fail(ErrorCode::Newer, "a frame of a newer app");
  const std::size_t part = part_size(static_cast<std::size_t>(size));
  if (in.left() != part) return none;
  const bool same =
      size == size_ && std::equal(series.begin(), series.end(), series_.begin(), series_.end());
  if (!same) begin(series, static_cast<std::size_t>(size));
  if (content_) return false;
  const ByteView payload = in.raw(part);
  Mixed mixed{members(number, parts_.size()), Bytes(payload.begin(), payload.end())};
  const bool fresh = learn(std::move(mixed));
  if (known_ == parts_.size()) finish();
  return fresh;
}

void FrameReader::begin(ByteView series, std::size_t size) {
  series_.assign(series.begin(), series.end());
  size_ = size;
  parts_.assign(parts_of(size), {});
  mixed_.clear();
  known_ = 0;
  content_.reset();
}

// Takes away what is known of it; true when something is left.
bool FrameReader::learn(Mixed mixed) {
  std::erase_if(mixed.of, [&](std::uint32_t part) {
    if (parts_[part].empty()) return false;
    add_to(mixed.bytes, parts_[part]);
    return true;
  });
  if (mixed.of.empty()) return false;
  if (mixed.of.size() == 1) {
    settle(mixed.of.front(), std::move(mixed.bytes));
    return true;
  }
  // As many as there are parts are more than enough.
  if (mixed_.size() >= parts_.size()) mixed_.erase(mixed_.begin());
  mixed_.push_back(std::move(mixed));
  return true;
}

// One more part is known, and with it perhaps others.
void FrameReader::settle(std::uint32_t part, Bytes bytes) {
  std::vector<std::pair<std::uint32_t, Bytes>> found;
  found.emplace_back(part, std::move(bytes));
  while (!found.empty()) {
    auto [at, content] = std::move(found.back());
    found.pop_back();
    if (!parts_[at].empty()) continue;
    parts_[at] = std::move(content);
    ++known_;
    for (Mixed& mixed : mixed_) {
      if (std::erase(mixed.of, at) == 0) continue;
      add_to(mixed.bytes, parts_[at]);
      if (mixed.of.size() == 1) found.emplace_back(mixed.of.front(), mixed.bytes);
    }
    std::erase_if(mixed_, [](const Mixed& mixed) { return mixed.of.size() <= 1; });
  }
}

// A frame that somebody made up spoils the whole: then it begins anew.
void FrameReader::finish() {
  Bytes all;
  all.reserve(parts_.size() * parts_.front().size());
  for (const Bytes& part : parts_) all.insert(all.end(), part.begin(), part.end());
  all.resize(size_);
  if (series_of(all) == series_) {
    content_ = std::move(all);
  } else {
    begin(Bytes(series_), size_);
  }
}

}  // namespace banyan::sync
