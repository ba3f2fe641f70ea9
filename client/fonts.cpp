#include "client/fonts.h"

#include <imgui.h>

#include <utility>

#include "shared/base/check.h"

namespace banyan::ui {
namespace {

// A negative size asks the loader to map the em, not ascent minus descent, to pixels.
constexpr float kByEm = -16;

ImFontConfig config(bool merge) {
  ImFontConfig settings;
  settings.FontDataOwnedByAtlas = false;
  settings.MergeMode = merge;
  settings.SizePixels = kByEm;
  // Limits of the advance are scaled by size / SizePixels: a negative one turns their signs round.
  settings.GlyphMinAdvanceX = 0;
  settings.GlyphMaxAdvanceX = -1e6f;
  settings.OversampleH = 1;
  settings.OversampleV = 1;
  return settings;
}

ImFont* open(std::vector<std::uint8_t>& bytes, bool merge) {
  ImFontConfig settings = config(merge);
  settings.FontData = bytes.data();
  settings.FontDataSize = static_cast<int>(bytes.size());
  return ImGui::GetIO().Fonts->AddFont(&settings);
}

}  // namespace

void Fonts::add(FontFile file, std::vector<std::uint8_t> bytes) {
  auto& slot = files_[static_cast<int>(file)];
  // The atlas may still point into the old bytes until the end of this frame.
  if (!slot.empty()) retired_.push_back(std::move(slot));
  slot = std::move(bytes);
  if (ready()) rebuild();
}

bool Fonts::ready() const {
  return !files_[static_cast<int>(FontFile::w400)].empty() &&
         !files_[static_cast<int>(FontFile::icons)].empty();
}

bool Fonts::take_changed() { return std::exchange(changed_, false); }

void Fonts::rebuild() {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->ClearFonts();
  retired_.clear();
  for (int weight = 0; weight < 3; ++weight) {
    auto& own = files_[weight];
    auto& regular = files_[static_cast<int>(FontFile::w400)];
    auto& full = files_[static_cast<int>(FontFile::full)];
    weights_[weight] = open(own.empty() ? regular : own, false);
    if (weight != 0 && !own.empty()) open(regular, true);
    if (!full.empty()) open(full, true);
  }
  icons_ = open(files_[static_cast<int>(FontFile::icons)], false);
  ImGui::GetIO().FontDefault = weights_[0];
  changed_ = true;
}

ImFontBaked* Fonts::baked(Weight weight, float size, float density) {
  BANYAN_CHECK(weights_[0] != nullptr);
  return weights_[static_cast<int>(weight)]->GetFontBaked(size, density);
}

ImFontBaked* Fonts::icons(float size, float density) {
  BANYAN_CHECK(icons_ != nullptr);
  return icons_->GetFontBaked(size, density);
}

}  // namespace banyan::ui
