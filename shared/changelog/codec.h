// Canonical bytes of a commit, a row clock and a row: what is hashed, signed and
// stored. One value has one encoding, and a decoder refuses every other one, so
// equal values have equal hashes on every machine. FORMAT.md has the layout.
//
// Encoders append to a writer and assert what authors must keep (check_commit
// tells). Decoders return Corrupt, or TooLarge for a documented limit.
#pragma once

#include <span>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/changelog/commit.h"
#include "shared/changelog/limits.h"
#include "shared/changelog/row.h"

namespace banyan {

// Whether a commit keeps the limits and the order of its cells; what an author
// asks before he signs, since decode_commit() refuses the rest. Invalid or
// TooLarge, naming the entity and field.
Status check_commit(const Commit& commit);

void encode_commit(const Commit& commit, ByteWriter& out);
Result<Commit> decode_commit(ByteView in);
// As decode_commit, into an object whose memory is used again. After an error
// its content is unspecified.
Status decode_commit(ByteView in, Commit& out);

// The column `_m` of a stored row: its clock.
void encode_clock(const RowClock& clock, ByteWriter& out);
Result<RowClock> decode_clock(ByteView in);

// A whole row with clock and siblings: a device's shadow of the confirmed state.
void encode_row(const Row& row, ByteWriter& out);
Result<Row> decode_row(ByteView in);

// The column `_x` of a stored row: cells that this catalogue does not know.
void encode_cells(std::span<const CellValue> cells, ByteWriter& out);
Result<std::vector<CellValue>> decode_cells(ByteView in);

// One value by itself, as in the column `sib.val`. Null has one byte too.
void encode_value(const Value& value, ByteWriter& out);
Result<Value> decode_value(ByteView in);

// First four bytes of the BLAKE2b-256 of a value's encoding: what a write of a
// guarded cell says that it replaced.
std::uint32_t digest_of(const Value& value);

}  // namespace banyan
