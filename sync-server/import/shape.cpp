#include "sync-server/import/shape.h"

#include <algorithm>

namespace banyan {
std::vector<CellWrite> Shape::cells(std::initializer_list<Value> values) const {
  BANYAN_CHECK(values.size() == fields_.size());
  std::vector<CellWrite> cells;
  cells.reserve(values.size());
  for (const std::uint32_t place : in_order_) {
    cells.push_back({fields_[place], values.begin()[place], {}});
  }
  return cells;
}

RowWrite Shape::create(RowId id, std::initializer_list<Value> values) const {
  RowWrite write;
  write.entity = entity_;
  write.op = fact_ ? Op::Fact : Op::Insert;
  write.row = id;
  write.cells = cells(values);
  std::erase_if(write.cells, [](const CellWrite& cell) { return is_null(cell.value); });
  return write;
}

RowWrite SetShape::add(RowId row, Value element) const {
  RowWrite write;
  write.entity = entity;
  write.op = Op::Add;
  write.row = row;
  write.cells.push_back({field, std::move(element), {}});
  return write;
}

Shape PackReader::shape(std::string_view entity, std::initializer_list<std::string_view> fields) {
  Shape shape;
  const Entity* found = catalogue_.entity(entity);
  if (found != nullptr) {
    shape.entity_ = found->no;
    shape.fact_ = found->fact;
  }
  for (const std::string_view name : fields) {
    const Field* f = field(entity, name);
    shape.in_order_.push_back(static_cast<std::uint32_t>(shape.fields_.size()));
    shape.fields_.push_back(f != nullptr ? f->no : 0);
  }
  std::sort(shape.in_order_.begin(), shape.in_order_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return shape.fields_[a] < shape.fields_[b]; });
  return shape;
}

SetShape PackReader::set(std::string_view entity, std::string_view name) {
  const Field* f = field(entity, name);
  if (f == nullptr) return {};
  if (f->merge != Merge::Set) missing(entity, name, "is no set");
  return {catalogue_.entity(entity)->no, f->no};
}

std::int64_t PackReader::choice(std::string_view entity, std::string_view name,
                                std::string_view choice) {
  const Field* f = field(entity, name);
  if (f == nullptr) return 0;
  const Choice* found = f->choice(choice);
  if (found == nullptr) missing(entity, name, "has no choice " + std::string(choice));
  return found != nullptr ? found->no : 0;
}

Status PackReader::status() const {
  if (error_) return *error_;
  return {};
}

const Field* PackReader::field(std::string_view entity, std::string_view name) {
  const Entity* found = catalogue_.entity(entity);
  if (found == nullptr) {
    missing(entity, name, "is in no pack: the entity is missing");
    return nullptr;
  }
  const Field* f = found->field(name);
  if (f == nullptr || !f->stored()) {
    missing(entity, name, f == nullptr ? "is in no pack" : "is computed, not stored");
    return nullptr;
  }
  return f;
}

void PackReader::missing(std::string_view entity, std::string_view field, std::string_view what) {
  if (error_) return;
  std::string detail = "packs: ";
  detail.append(entity).append(".").append(field).append(" ").append(what);
  error_ = fail(ErrorCode::Invalid, std::move(detail));
}

}  // namespace banyan
