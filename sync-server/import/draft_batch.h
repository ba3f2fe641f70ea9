// Collects rows into drafts that one commit can hold, and hands them on in
// batches that one storage transaction can.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "sync-server/import/target.h"

namespace banyan {

class DraftBatch {
 public:
  // A commit is at most 64 KiB in canonical form; we stay well below.
  static constexpr std::size_t kCommitBytes = 48 * 1024;
  static constexpr std::size_t kBatchRows = 8'000;

  using Sink = std::function<Status(std::span<const Draft>)>;
  explicit DraftBatch(Sink sink) : sink_(std::move(sink)) {}

  // Takes one aggregate's rows, in order; cuts them into as many drafts as needed.
  Status add(RowId aggregate, std::uint64_t user, std::vector<RowWrite> rows);
  // Hands on what is left.
  Status flush();

  std::uint64_t rows() const { return rows_; }
  std::uint64_t commits() const { return commits_; }

 private:
  Sink sink_;
  std::vector<Draft> drafts_;
  std::size_t waiting_rows_ = 0;
  std::uint64_t rows_ = 0, commits_ = 0;
};

// No less than the row takes in canonical form.
std::size_t bytes_at_most(const RowWrite& row);

}  // namespace banyan
