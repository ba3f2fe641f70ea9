#include "shared/catalogue/catalogue.h"

#include <algorithm>

#include "shared/base/check.h"
#include "shared/catalogue/builder.h"

namespace banyan {

namespace {

// Fields and choices are few and mostly numbered 1, 2, 3 in their order: the
// first look is usually a hit.
template <class Items, class Number>
auto find_by_number(const Items& items, Number no) -> decltype(items.data()) {
  const auto guess = static_cast<std::size_t>(no) - 1;
  if (guess < items.size() && items[guess].no == no) return &items[guess];
  for (const auto& item : items) {
    if (item.no == no) return &item;
  }
  return nullptr;
}

template <class Items>
auto find_by_name(const Items& items, std::string_view name) -> decltype(items.data()) {
  for (const auto& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

}  // namespace

const Choice* Field::choice(std::string_view wanted) const { return find_by_name(choices, wanted); }
const Choice* Field::choice(std::int64_t wanted) const { return find_by_number(choices, wanted); }

const Field* Entity::field(std::string_view wanted) const { return find_by_name(fields, wanted); }
const Field* Entity::field(std::uint32_t wanted) const {
  return wanted == 0 ? nullptr : find_by_number(fields, wanted);  // 0: Computed fields have none
}

const Choice* first_state(const Field& field) {
  const std::string_view text = field.initial;
  const bool literal = text.size() > 2 && text.front() == '\'' && text.back() == '\'';
  return literal ? field.choice(text.substr(1, text.size() - 2)) : nullptr;
}

std::uint32_t Role::may(std::string_view entity) const {
  const auto found = rights.find(std::string(entity));
  return found == rights.end() ? 0 : found->second;
}

const Entity* Catalogue::entity(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entities_[found->second];
}

const Entity* Catalogue::entity(std::uint32_t no) const {
  const auto found = std::lower_bound(entities_.begin(), entities_.end(), no,
                                      [](const Entity& e, std::uint32_t n) { return e.no < n; });
  return found != entities_.end() && found->no == no ? &*found : nullptr;
}

const Role* Catalogue::role(std::string_view name) const { return find_by_name(roles_, name); }

const Entity& Catalogue::root_of(const Entity& entity) const {
  const Entity* root = this->entity(entity.aggregate);
  BANYAN_CHECK(root != nullptr);
  return *root;
}

CatalogueBuilder& CatalogueBuilder::add(Entity entity) {
  made_.entities_.push_back(std::move(entity));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(Role role) {
  made_.roles_.push_back(std::move(role));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(ReaderClass reader_class) {
  made_.classes_.push_back(std::move(reader_class));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(TaskTemplate task) {
  made_.templates_.push_back(std::move(task));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(Rule rule) {
  made_.rules_.push_back(std::move(rule));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(Seed seed) {
  made_.seeds_.push_back(std::move(seed));
  return *this;
}
CatalogueBuilder& CatalogueBuilder::add(PackInfo pack) {
  made_.packs_.push_back(std::move(pack));
  return *this;
}

Catalogue CatalogueBuilder::build(std::uint32_t number) {
  auto& entities = made_.entities_;
  std::sort(entities.begin(), entities.end(),
            [](const Entity& a, const Entity& b) { return a.no < b.no; });
  for (std::size_t i = 0; i < entities.size(); ++i) {
    BANYAN_CHECK(i == 0 || entities[i - 1].no < entities[i].no);
    BANYAN_CHECK(made_.by_name_.emplace(entities[i].name, i).second);
  }
  for (const Entity& entity : entities) {
    const Entity* root = made_.entity(entity.aggregate);
    BANYAN_CHECK(root != nullptr && root->root());
  }
  made_.number_ = number;
  return std::exchange(made_, Catalogue{});
}

}  // namespace banyan
