// Rows of one entity, from values in the order of the fields that were asked
// for. The pack is asked by name, once, so numbers may differ between banks.
//
//   PackReader pack(catalogue);
//   const Shape visit = pack.shape("visit", {"day", "purpose"});
//   const std::int64_t care = pack.choice("visit", "purpose", "care");
//   TRY(pack.status());
//   rows.push_back(visit.create(id, {day, care}));
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/catalogue/catalogue.h"
#include "shared/changelog/commit.h"

namespace banyan {

class Shape {
 public:
  // Insert, or Fact where the entity is one. Null values make no cell.
  RowWrite create(RowId id, std::initializer_list<Value> values) const;

  // One cell for every value, null ones too, by field number.
  std::vector<CellWrite> cells(std::initializer_list<Value> values) const;
  std::uint32_t entity() const { return entity_; }
  bool fact() const { return fact_; }

 private:
  friend class PackReader;

  std::uint32_t entity_ = 0;
  bool fact_ = false;
  std::vector<std::uint32_t> fields_;    // by place of the value
  std::vector<std::uint32_t> in_order_;  // places by ascending field number
};

// A set field of one entity.
struct SetShape {
  std::uint32_t entity = 0, field = 0;
  RowWrite add(RowId row, Value element) const;
};

// Asks a catalogue by name. What is missing sticks: everything later still
// answers, with nothing useful in it, and status() names the first.
class PackReader {
 public:
  explicit PackReader(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Shape shape(std::string_view entity, std::initializer_list<std::string_view> fields);
  SetShape set(std::string_view entity, std::string_view field);
  std::int64_t choice(std::string_view entity, std::string_view field, std::string_view name);

  Status status() const;

 private:
  const Field* field(std::string_view entity, std::string_view name);
  void missing(std::string_view entity, std::string_view field, std::string_view what);

  const Catalogue& catalogue_;
  std::optional<Error> error_;
};

}  // namespace banyan
