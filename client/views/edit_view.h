// Any record of the catalogue as a form: new (#/new/ENTITY[/AGGREGATE]) or
// existing (#/edit/ENTITY/ID). What is typed stays until it is saved or given up.
#pragma once

#include <optional>

#include "client/view.h"
#include "shared/app/app.h"
#include "shared/app/commands.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class EditView final : public View {
 public:
  explicit EditView(App& app) : app_(app) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;
  void draw_actions(Frame& frame, const Route& route, Rect rect) override;

 private:
  void open(const Route& route);
  void section(Frame& frame, const Form::Section& section, Rect& column);
  float item(Frame& frame, Form::Item& item, Rect rect);
  void choose_ref(Frame& frame, Form::Item& item);
  void choose_from_many(Frame& frame, Form::Item& item);
  void twins(Frame& frame, Rect& column);
  void save(Frame& frame);
  void leave(Frame& frame);

  App& app_;
  const Session* session_ = nullptr;
  Route opened_;
  std::uint64_t version_ = 0;  // of the app, when the form was read
  std::optional<Form> form_;
  std::optional<Error> trouble_;
  bool tried_ = false;
  std::string find_;  // in the sheet of choices
  std::vector<RefChoice> choices_;
};

}  // namespace banyan::ui
