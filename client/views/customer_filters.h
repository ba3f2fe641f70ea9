// The sheet that narrows the list of customers, by any field that the packs filter by: chips for
// few choices, a list to tick for many, from and to for dates and amounts. What is pressed counts
// at once; the list behind follows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/frame.h"
#include "shared/app/app.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class CustomerFilters {
 public:
  explicit CustomerFilters(App& app) : app_(app) {}
  // Both must outlive the sheet: it writes the one and counts the other.
  void open(Frame& frame, const Session& session, CustomerFilter& filter, const CustomerList& list);
  // Forgets what it read; the sheet must be closed.
  void forget();

  // What a criterion says, for its chip: "女", "柳溪支行 +2", "45–59 岁".
  std::string words(Frame& frame, const Session& session, const FieldFilter& one);

 private:
  struct Option {
    std::int64_t no = 0;
    std::string name;
  };
  struct Typed {
    std::string from, to;
  };

  void draw(Frame& frame, Rect area);
  void overview(Frame& frame, Rect area);
  float one(Frame& frame, const Field& field, Rect rect);
  float ages(Frame& frame, const Field& field, Rect rect);
  float range(Frame& frame, const Field& field, Rect rect);
  void pick(Frame& frame, Rect area);

  const std::vector<Option>& options(Frame& frame, const Session& session, const Field& field);

  App& app_;
  const Session* session_ = nullptr;
  CustomerFilter* filter_ = nullptr;
  const CustomerList* list_ = nullptr;
  std::vector<const Field*> fields_;
  std::map<std::uint32_t, std::vector<Option>> options_;  // by Field::no
  bool chinese_ = true;                                   // the language of options_
  std::map<std::uint32_t, Typed> typed_;
  const Field* picking_ = nullptr;  // its choices fill the sheet
  std::string find_text_;
};

}  // namespace banyan::ui
