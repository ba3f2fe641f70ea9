#include "sync-server/http/static_files.h"

#include <array>
#include <fstream>
#include <system_error>
#include <utility>

#include "shared/crypto/hash.h"

namespace banyan::http {
namespace fs = std::filesystem;

namespace {

std::string_view suffix_of(std::string_view name) {
  const auto slash = name.rfind('/');
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return name.substr(dot);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool refused_by_weight(std::string_view parameters) {
  const auto q = parameters.find("q=");
  return q != std::string_view::npos &&
         parameters.substr(q + 2).find_first_not_of("0. \t") == std::string_view::npos;
}

}  // namespace

std::string_view mime_type(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".ttf", "font/ttf"},
      {".otf", "font/otf"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".crt", "application/x-x509-ca-cert"},
  }};
  const std::string_view suffix = suffix_of(name);
  for (const auto& [known, type] : kTypes) {
    if (known == suffix) return type;
  }
  return "application/octet-stream";
}

bool names_its_content(std::string_view name) {
  const std::string_view suffix = suffix_of(name);
  std::string_view stem = name.substr(0, name.size() - suffix.size());
  const auto start = stem.find_last_of(".-/");
  if (suffix.empty() || start == std::string_view::npos || stem[start] == '/') return false;
  const std::string_view part = stem.substr(start + 1);
  return part.size() >= 8 && part.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool accepts_coding(std::string_view accept, std::string_view coding) {
  while (!accept.empty()) {
    const auto comma = accept.find(',');
    const std::string_view item = accept.substr(0, comma);
    const auto semicolon = item.find(';');
    if (trim(item.substr(0, semicolon)) == coding) {
      return semicolon == std::string_view::npos || !refused_by_weight(item.substr(semicolon));
    }
    if (comma == std::string_view::npos) break;
    accept.remove_prefix(comma + 1);
  }
  return false;
}

StaticFiles::StaticFiles(fs::path root) : root_(std::move(root)) { walk(); }

void StaticFiles::walk() {
  files_.clear();
  std::error_code error;
  for (fs::recursive_directory_iterator at(root_, error), end; !error && at != end;
       at.increment(error)) {
    // A link could point outside the folder.
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    const std::string name = "/" + fs::relative(at->path(), root_, error).generic_string();
    if (error || name.find("/.") != std::string::npos) continue;
    files_[name] = File{at->path(), {}, 0, nullptr};
  }
}

StaticFiles::File* StaticFiles::find(const std::string& name) {
  const auto at = files_.find(name);
  return at == files_.end() ? nullptr : &at->second;
}

// Null when the file has gone or cannot be read.
std::shared_ptr<const StaticFiles::Content> StaticFiles::load(File& file) {
  std::error_code error;
  const auto changed = fs::last_write_time(file.path, error);
  if (error) return nullptr;
  const auto size = fs::file_size(file.path, error);
  if (error) return nullptr;
  if (file.content && changed == file.changed && size == file.size) return file.content;

  std::ifstream in(file.path, std::ios::binary);
  Bytes bytes(size);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in || static_cast<std::uintmax_t>(in.gcount()) != size) return nullptr;
  auto content = std::make_shared<Content>();
  content->etag = "\"" + to_hex(hash256(bytes).view().first(16)) + "\"";
  content->bytes = std::move(bytes);
  file.changed = changed;
  file.size = size;
  file.content = std::move(content);
  return file.content;
}

Response StaticFiles::get(const Request& request) {
  std::string name(request.path());
  if (name.back() == '/') name += "index.html";
  File* file = find(name);
  if (file == nullptr && suffix_of(name).empty()) {
    name = "/index.html";
    file = find(name);
  }
  if (file == nullptr) return reply_error(404, "NotFound");

  Response response;
  const std::string_view accept = request.header("Accept-Encoding");
  File* best = file;
  for (const auto& [coding, suffix] : {std::pair{"br", ".br"}, std::pair{"gzip", ".gz"}}) {
    File* packed = accepts_coding(accept, coding) ? find(name + suffix) : nullptr;
    if (packed == nullptr) continue;
    best = packed;
    response.add("Content-Encoding", coding);
    break;
  }
  const auto content = load(*best);
  if (!content) return reply_error(404, "NotFound");

  response.add("Vary", "Accept-Encoding").add("ETag", content->etag);
  response.type = mime_type(name);
  response.caching = names_its_content(name) ? Caching::Forever : Caching::Revalidate;
  if (request.header("If-None-Match").find(content->etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.body = content->bytes;
  response.owner = content;
  return response;
}

}  // namespace banyan::http
