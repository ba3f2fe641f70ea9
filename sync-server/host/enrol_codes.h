// One-time enrolment codes: made by `banyan-server enrol`, used once by a tablet,
// also while the server is running in another process.
//
// A code is a file named by its hash, so the folder gives nothing away to a
// reader; using it is removing the file, which succeeds for one only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/platform/clock.h"
#include "shared/platform/random.h"

namespace banyan::server {

inline constexpr std::int64_t kCodeLifeMs = 10 * 60 * 1000;

class EnrolCodes {
 public:
  // The clock must outlive this object.
  EnrolCodes(std::filesystem::path folder, const Clock& clock)
      : folder_(std::move(folder)), clock_(clock) {}

  // A fresh code for that person, as it is read aloud.
  Result<std::string> make(RowId user, std::int64_t life_ms, Random& random);

  // Whose code it is; afterwards it is used up. Refused for a code that never
  // was, is used or too old: the caller tells no difference.
  Result<RowId> use(std::string_view typed);

  // Removes codes whose time is over.
  Status tidy();

 private:
  std::filesystem::path path_of(std::string_view plain) const;

  std::filesystem::path folder_;
  const Clock& clock_;
};

}  // namespace banyan::server
