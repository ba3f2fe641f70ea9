// The app's files, served from one folder.
//
// Only names found by walking the folder are ever opened, so no path in a
// request can lead out of it. `x.br` and `x.gz` beside `x` are its compressed
// forms, sent to those who accept them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "sync-server/http/message.h"

namespace banyan::http {

class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path root);

  // A page that does not exist is the app's own business: index.html answers for
  // names without a suffix. Not thread-safe.
  Response get(const Request& request);

  bool empty() const { return files_.empty(); }
  std::size_t count() const { return files_.size(); }

 private:
  struct Content {
    std::string etag;  // with its quotes
    Bytes bytes;
  };
  struct File {
    std::filesystem::path path;
    std::filesystem::file_time_type changed{};
    std::uintmax_t size = 0;
    std::shared_ptr<const Content> content;  // read when first asked for
  };

  void walk();
  File* find(const std::string& name);
  std::shared_ptr<const Content> load(File& file);

  std::filesystem::path root_;
  std::map<std::string, File> files_;  // by "/path/in/the/url"
};

// The type for a file's name; unknown suffixes are application/octet-stream.
std::string_view mime_type(std::string_view name);

// Whether the name changes with the content: a part of 8 or more hexadecimal
// digits before the suffix, as in app.3f9a01bc.wasm.
bool names_its_content(std::string_view name);

// Whether `accept` (an Accept-Encoding field) takes `coding`, q=0 excluded.
bool accepts_coding(std::string_view accept, std::string_view coding);

}  // namespace banyan::http
