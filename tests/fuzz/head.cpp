// The head of an HTTP request: refused with a status of its own, or a request that a second reader,
// written here from RFC 9112 alone, takes for the same: one host, one length, no coding, no folded
// line. What two readers take for two things is how requests are smuggled.
#include <charconv>
#include <string>

#include "sync-server/http/limits.h"
#include "sync-server/http/request_reader.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Seen {
  std::string line;  // the first one
  std::size_t fields = 0, hosts = 0, lengths = 0, codings = 0, body = 0;
};

Seen read(std::string_view text) {
  Seen seen;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find("\r\n", at);
    BANYAN_CHECK(end != std::string_view::npos);  // what is let in ends with an empty line
    const std::string_view line = text.substr(at, end - at);
    at = end + 2;
    if (seen.line.empty()) {
      seen.line = std::string(line);
      continue;
    }
    if (line.empty()) return seen;
    BANYAN_CHECK(line.front() != ' ' && line.front() != '\t');
    const auto colon = line.find(':');
    BANYAN_CHECK(colon != std::string_view::npos && colon > 0);
    const std::string name = lower(line.substr(0, colon));
    BANYAN_CHECK(name.find_first_of(" \t") == std::string::npos);
    ++seen.fields;
    seen.hosts += name == "host" ? 1 : 0;
    seen.codings += name == "transfer-encoding" ? 1 : 0;
    if (name != "content-length") continue;
    ++seen.lengths;
    const std::string_view value = trimmed(line.substr(colon + 1));
    BANYAN_CHECK(value.find_first_not_of("0123456789") == std::string_view::npos);
    const auto [rest, bad] = std::from_chars(value.data(), value.data() + value.size(), seen.body);
    BANYAN_CHECK(bad == std::errc{} && rest == value.data() + value.size());
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(ByteView(data, size));
  // The connection cuts a head there, and asks for no longer one.
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || end + 4 > http::kHeaderBytesMax) return 0;
  const std::string_view cut = text.substr(0, end + 4);
  http::RequestHead head;
  const int status = head.parse(cut);
  if (status != 0) {
    BANYAN_CHECK(status == 400 || status == 405 || status == 411 || status == 414 ||
                 status == 417 || status == 431);
    return 0;
  }
  const Seen seen = read(cut);
  BANYAN_CHECK(seen.codings == 0 && seen.lengths <= 1 && seen.hosts <= 1);
  BANYAN_CHECK(seen.body == head.body_size() && seen.fields <= http::kFieldsMax);
  const std::string start = std::string(http::name_of(head.method())) + " ";
  BANYAN_CHECK(seen.line.rfind(start + std::string(head.target()) + " HTTP/1.", 0) == 0);
  BANYAN_CHECK(head.target().front() == '/' && head.target().size() <= http::kTargetBytesMax);
  BANYAN_CHECK(head.get("Transfer-Encoding").empty());
  http::Request request;
  request.target = head.target();
  request.fields = &head;
  BANYAN_CHECK(request.path().size() <= request.target.size());
  const std::string_view value = request.parameter("n");
  if (const auto number = request.number("n")) {
    BANYAN_CHECK(value.find_first_not_of("0123456789") == std::string_view::npos);
    const auto first = std::min(value.find_first_not_of('0'), value.size() - 1);
    BANYAN_CHECK(std::to_string(*number) == value.substr(first));
  }
  return 0;
}
