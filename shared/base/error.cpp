#include "shared/base/error.h"

namespace banyan {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::Conflict: return "Conflict";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::Refused: return "Refused";
    case ErrorCode::StorageFull: return "StorageFull";
    case ErrorCode::Io: return "Io";
    case ErrorCode::Invalid: return "Invalid";
    case ErrorCode::Unavailable: return "Unavailable";
    case ErrorCode::Locked: return "Locked";
    case ErrorCode::Newer: return "Newer";
    case ErrorCode::TooLarge: return "TooLarge";
  }
  return "Unknown";
}

}  // namespace banyan
