// One-time enrolment codes: made by `banyan-server enrol`, used once by a tablet,
// also while the server is running in another process.
//
// Kept by their hash, so the place gives nothing away to a reader; using a code is
// taking it out, which succeeds for one only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/crypto/hash.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"

namespace banyan::server {

inline constexpr std::int64_t kCodeLifeMs = 10 * 60 * 1000;

struct KeptCode {
  RowId user{};
  std::int64_t not_after_ms = 0;
};

// Where the codes lie: a folder, or the database of several servers.
class CodeShelf {
 public:
  virtual ~CodeShelf() = default;
  virtual Status keep(const Hash256& code, const KeptCode& kept) = 0;
  virtual Result<KeptCode> take(const Hash256& code) = 0;  // afterwards it is gone. NotFound
  virtual Status drop_old(std::int64_t now_ms) = 0;
};

class EnrolCodes {
 public:
  // The clock must outlive this object.
  EnrolCodes(std::unique_ptr<CodeShelf> shelf, const Clock& clock)
      : shelf_(std::move(shelf)), clock_(clock) {}
  // In files of a folder.
  EnrolCodes(std::filesystem::path folder, const Clock& clock);

  // A fresh code for that person, as it is read aloud.
  Result<std::string> make(RowId user, std::int64_t life_ms, Random& random);

  // Whose code it is; afterwards it is used up. Refused for a code that never
  // was, is used or too old: the caller tells no difference.
  Result<RowId> use(std::string_view typed);

  // Removes codes whose time is over.
  Status tidy();

 private:
  std::unique_ptr<CodeShelf> shelf_;
  const Clock& clock_;
};

}  // namespace banyan::server
