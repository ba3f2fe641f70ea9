#include <algorithm>

#include "shared/catalogue/packs.h"

namespace banyan {

namespace {

class Upgrade {
 public:
  Upgrade(const Catalogue& now, const Catalogue& next) : now_(now), next_(next) {}

  std::vector<PackError> run() {
    for (const Entity& entity : now_.entities()) check_entity(entity);
    return std::move(errors_);
  }

 private:
  void wrong(const Entity& entity, std::string path, std::string reason) {
    errors_.push_back({entity.pack, entity.name + std::move(path), std::move(reason)});
  }

  bool installed(const std::string& pack) const {
    const auto& packs = next_.packs();
    return std::any_of(packs.begin(), packs.end(), [&](const auto& p) { return p.name == pack; });
  }

  void check_entity(const Entity& old) {
    const Entity* entity = next_.entity(old.no);
    if (entity == nullptr) {
      // Uninstalling a whole pack hides its data; a pack that stays keeps its entities.
      if (installed(old.pack)) wrong(old, "", "is gone; an entity stays for ever");
      return;
    }
    if (entity->name != old.name) {
      wrong(old, "", "its number " + std::to_string(old.no) + " became \"" + entity->name + "\"");
      return;
    }
    if (entity->aggregate != old.aggregate) wrong(old, "/aggregate", "has changed");
    if (entity->fact != old.fact) wrong(old, "/fact", "has changed");
    if (entity->reference != old.reference) wrong(old, "/reference", "has changed");
    for (const Field& field : old.fields) {
      if (field.stored()) check_field(old, *entity, field);
    }
    for (const std::uint32_t no : old.retired) {
      const auto& retired = entity->retired;
      if (std::find(retired.begin(), retired.end(), no) == retired.end()) {
        wrong(old, "/retired", std::to_string(no) + " is no longer among them");
      }
    }
  }

  void check_field(const Entity& entity, const Entity& next, const Field& old) {
    const std::string path = "/" + old.name;
    const Field* field = next.field(old.no);
    if (field == nullptr) {
      const bool retired =
          std::find(next.retired.begin(), next.retired.end(), old.no) != next.retired.end();
      if (!retired && installed(old.pack)) {
        wrong(entity, path, "is gone; put its number into \"retired\"");
      }
      return;
    }
    if (field->name != old.name) {
      wrong(entity, path,
            "its number " + std::to_string(old.no) + " became \"" + field->name + "\"");
    }
    if (field->type != old.type || field->ref != old.ref)
      wrong(entity, path, "its type has changed");
    if (field->merge != old.merge) wrong(entity, path, "its merge kind has changed");
    if (field->decimals != old.decimals) wrong(entity, path, "its decimals have changed");
    for (const Choice& choice : old.choices) {
      const Choice* same = field->choice(choice.no);
      if (same != nullptr && same->name == choice.name) continue;
      if (same == nullptr && choice.no > 999) continue;  // of a pack that may have gone
      wrong(entity, path + "/" + choice.name, "the choice is gone; mark it \"retired\" instead");
    }
  }

  const Catalogue& now_;
  const Catalogue& next_;
  std::vector<PackError> errors_;
};

}  // namespace

std::vector<PackError> check_upgrade(const Catalogue& now, const Catalogue& next) {
  return Upgrade(now, next).run();
}

}  // namespace banyan
