// Turns the bytes of a request's head into a request, or into the reason why not.
//
// Beast's parser does the grammar. What it lets pass and a proxy in front might
// read differently (two lengths, folded lines, transfer codings) is refused here:
// RFC 9112, 5.2, 6.1 and 11.2. Bodies come with a Content-Length only.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

#include "sync-server/http/message.h"

namespace banyan::http {

namespace beast_http = boost::beast::http;

class RequestHead final : public Fields {
 public:
  // `text` ends with the empty line. 0, or the status to refuse with.
  int parse(std::string_view text);
  // Back to a request of which nothing is known.
  void clear();

  Method method() const { return method_; }
  std::string_view target() const;  // "/" while it is not known
  std::size_t body_size() const { return body_size_; }
  bool keep_alive() const { return keep_alive_; }
  bool wants_continue() const { return wants_continue_; }
  bool upgrade() const { return upgrade_; }  // a well-formed WebSocket handshake
  std::string_view get(std::string_view name) const override;
  const beast_http::request<beast_http::empty_body>& message() const { return parser_->get(); }

 private:
  int check();

  // Made anew for each request: a parser is used once.
  std::optional<beast_http::request_parser<beast_http::empty_body>> parser_;
  Method method_{};
  std::size_t body_size_ = 0;
  bool keep_alive_ = false, wants_continue_ = false, upgrade_ = false;
};

}  // namespace banyan::http
