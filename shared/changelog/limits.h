// What no commit, bundle or page may exceed. Checked before anything is
// allocated, so that hostile bytes cost no more memory than honest ones.
#pragma once

#include <cstddef>
#include <cstdint>

namespace banyan {

inline constexpr std::size_t kCellSizeMax = 32 * 1024;    // text or bytes of one cell
inline constexpr std::size_t kCommitSizeMax = 64 * 1024;  // canonical form
inline constexpr std::size_t kRowSizeMax = 1024 * 1024;   // stored image with its clock
inline constexpr std::uint32_t kEntityMax = 0xFFFF;
inline constexpr std::uint32_t kFieldMax = 0xFFFFFF;
inline constexpr std::size_t kCommandsMax = 16;    // in one commit
inline constexpr std::size_t kStepsMax = 8;        // states that one command asks for
inline constexpr std::uint32_t kLifeMax = 0xFFFF;  // a row is not deleted 32,768 times

inline constexpr std::size_t kBundleSizeMax = 4 * 1024 * 1024;  // as sent, and unpacked
inline constexpr std::size_t kBundleCommitsMax = 0xFFFF;
inline constexpr std::size_t kBundleRowsMax = 1 << 17;
inline constexpr std::size_t kBundleCellsMax = 1 << 18;

inline constexpr std::size_t kPageSizeMax = 4 * 1024 * 1024;  // as sent, and unpacked
inline constexpr std::size_t kPageRowsMax = 1 << 17;
inline constexpr std::size_t kPageCellsMax = 1 << 18;
inline constexpr std::size_t kOutcomeInfoMax = 256;

}  // namespace banyan
