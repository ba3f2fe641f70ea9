// The first two bytes are a length: what a cell of kind T says in a commit (refused, or it is the
// only spelling of what it says), then a text: what is written makes of the paragraphs that text.
#include "shared/changelog/paragraphs.h"

#include "shared/changelog/merge.h"
#include "tests/fuzz/fuzz.h"

using namespace banyan;

namespace {

const RowId kRow{77};

Entity entity_with_text() {
  Field field;
  field.name = "text";
  field.no = 1;
  field.type = FieldType::Text;
  field.merge = Merge::Text;
  Entity entity;
  entity.name = entity.aggregate = "row";
  entity.no = 1;
  entity.fields.push_back(field);
  return entity;
}

// False when the row is full.
bool write(const std::string& value, std::uint64_t seq, Row& row) {
  static const Entity kEntity = entity_with_text();
  std::vector<OpOutcome> outcomes;
  WriteContext context{DeviceId{5}, seq, seq - 1, seq};
  merge(kEntity, kRow, {1, seq == 1 ? Op::Insert : Op::Update, kRow, 1, {{1, value, {}}}}, context,
        row, outcomes);
  BANYAN_CHECK(outcomes.empty() || outcomes.front().outcome == Outcome::Full);
  return outcomes.empty();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t length = std::min<std::size_t>(data[0] + 256U * data[1], size - 2);
  const std::string value(as_text(ByteView(data + 2, length)));
  std::string text(as_text(ByteView(data + 2 + length, size - 2 - length)));
  Row row;
  const auto writes = decode_paragraphs(value);
  if (writes) {
    BANYAN_CHECK(encode_paragraphs(*writes) == value);
    static_cast<void>(write(value, 1, row));
  } else {
    row.id = kRow;
  }
  const auto changes = paragraph_changes(row, 1, text);
  std::erase(text, '\0');  // no part of any text
  if (changes.empty()) {
    BANYAN_CHECK(whole_text(row, 1) == text);
    return 0;
  }
  const bool fits = write(encode_paragraphs(changes), row.exists ? 2 : 1, row);
  BANYAN_CHECK(!fits || whole_text(row, 1) == text);
  return 0;
}
