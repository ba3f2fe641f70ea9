// /v0/chunk/HASH: photos and scans in parts that resume (shared/sync/attachments.h).
#include <algorithm>

#include "sync-server/host/service.h"

namespace banyan::server {

http::Response Service::get_chunk(const Request& request) {
  const auto device = devices_.signer(request);
  if (!device) return http::reply_error(device.error());
  const auto hash = sync::parse_chunk_path(request.path());
  if (!hash) return http::reply_error(hash.error());

  if (request.method == http::Method::Head) {
    const auto state = chunks_.state(*hash, device->id);
    if (!state) return http::reply_error(state.error());
    Response response = http::reply_bytes({});
    response.status = state->whole || state->have > 0 ? 200 : 404;
    response.add("Banyan-Have", std::to_string(state->have));
    return response;
  }
  const std::uint64_t offset = request.number("offset").value_or(0);
  const std::uint64_t wanted = request.number("size").value_or(sync::kPartBytesMax);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, sync::kPartBytesMax));
  auto slice = chunks_.get(*hash, offset, size);
  if (!slice && slice.error().code == ErrorCode::Invalid) return http::reply_error(416, "Invalid");
  if (!slice) return http::reply_error(slice.error());
  const bool last = slice->last;
  const std::uint64_t whole = slice->size;
  Response response = http::reply_bytes(std::move(slice->bytes));
  response.status = last ? 200 : 206;
  response.add("Banyan-Size", std::to_string(whole));
  return response;
}

http::Response Service::put_chunk(const Request& request) {
  const auto device = devices_.signer(request);
  if (!device) return http::reply_error(device.error());
  const auto hash = sync::parse_chunk_path(request.path());
  if (!hash) return http::reply_error(hash.error());
  const auto offset = request.number("offset"), size = request.number("size");
  if (!offset || !size || *size == 0) return http::reply_error(400, "Invalid");

  const std::string key = std::to_string(number(device->id));
  const auto bytes = static_cast<double>(request.body.size());
  if (!chunk_bytes_.allow(key, bytes)) {
    log_.write("chunk_quota", {{"device", static_cast<std::int64_t>(number(device->id))}});
    return http::reply_later(429, "TooManyRequests", chunk_bytes_.wait_s(key, bytes));
  }
  const auto state = chunks_.put(*hash, device->id, *offset, *size, request.body);
  if (!state) {
    log_.write("chunk_failed", {{"detail", state.error().detail}});
    return http::reply_error(state.error());
  }
  return http::reply_bytes(sync::encode_chunk_state(*state));
}

}  // namespace banyan::server
