// What the processes of one bank share beside the store: published packs, enrolment codes, and
// the certainty that all have the same keys. Belongs to one thread; connects anew by itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/crypto/hash.h"
#include "shared/crypto/sign.h"
#include "sync-server/postgres/connection.h"

namespace banyan::postgres {

class Shelf {
 public:
  // Connects and makes the tables that are missing. Refused when the database is another
  // organisation's.
  static Result<std::unique_ptr<Shelf>> open(std::string url, std::uint32_t organisation);

  // Refused unless every process has named the same ones: a device that one of them knows must
  // be known to all. The first one's are kept.
  Status same_keys(const VerifyKey& organisation, const Hash256& challenge_check);

  struct Pack {
    std::uint32_t number = 0;
    std::string canonical;
  };
  Result<std::vector<Pack>> packs();  // by number
  // Conflict when that number is another set's: somebody else was faster.
  Status publish(const Pack& pack);

  struct Code {
    RowId user{};
    std::int64_t until_ms = 0;
  };
  Status keep_code(const Hash256& code, const Code& kept);
  Result<Code> take_code(const Hash256& code);  // afterwards it is gone. NotFound
  Status drop_codes(std::int64_t until_ms);     // whose time was over then

  // How far a synchronous replica has the log on its disk, as far as is known now; 0 before it
  // is. Asked again and again: a question is answered by a later one.
  Result<std::uint64_t> replicated();

 private:
  explicit Shelf(std::string url) : url_(std::move(url)) {}
  Result<Answer> ask(std::string sql, Arguments arguments = {});

  std::string url_;
  std::unique_ptr<Connection> connection_;
  // The end of the log at some moment, and where the journal then ended.
  struct Mark {
    std::uint64_t seq = 0;
    std::string journal;
  };
  std::optional<Mark> mark_;
  std::uint64_t replicated_ = 0;
};

}  // namespace banyan::postgres
