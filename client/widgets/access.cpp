#include "client/widgets/access.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <cstdio>

#include "client/json_out.h"
#include "shared/base/check.h"

namespace banyan::ui {
namespace {

constexpr const char* kRoleNames[] = {
    "none",       "text",   "heading", "button", "link",     "textbox", "checkbox",
    "radio",      "switch", "tab",     "row",    "listitem", "img",     "progressbar",
    "status",     "alert",  "group",   "list",   "table",    "tablist", "radiogroup",
    "navigation", "main",   "banner",  "dialog"};

bool pressable(Role role) {
  switch (role) {
    case Role::button:
    case Role::link:
    case Role::textbox:
    case Role::checkbox:
    case Role::radio:
    case Role::switcher:
    case Role::tab:
    case Role::row:
    case Role::listitem: return true;
    default: return false;
  }
}

// A window without a clip of its own has one of infinite size.
Rect clip_of(const ImGuiWindow& window) {
  constexpr float kFar = 1e6f;
  const ImRect& clip = window.ClipRect;
  const float left = std::max(clip.Min.x, -kFar), top = std::max(clip.Min.y, -kFar);
  return {left, top, std::min(clip.Max.x, kFar) - left, std::min(clip.Max.y, kFar) - top};
}

void add_rect(JsonObject& out, std::string_view key, const Rect& rect) {
  char text[96];
  std::snprintf(text, sizeof text, "[%.6g,%.6g,%.6g,%.6g]", static_cast<double>(rect.x),
                static_cast<double>(rect.y), static_cast<double>(rect.w),
                static_cast<double>(rect.h));
  out.add_raw(key, text);
}

std::string text_entry_json(const TextEntry& entry) {
  JsonObject out;
  out.add("keyboard", entry.keyboard).add("enter", entry.enter).add("hint", entry.placeholder);
  out.add("size", static_cast<double>(entry.size)).add("line", static_cast<double>(entry.line));
  out.add("color", entry.color).add("hintColor", entry.placeholder_color);
  out.add("right", entry.right_aligned).add("max", entry.length_max).add("rev", entry.revision);
  add_rect(out, "box", entry.box);
  return out.str();
}

std::string node_json(const AccessNode& node, bool reachable) {
  JsonObject out;
  out.add("id", node.id).add("role", kRoleNames[static_cast<int>(node.role)]);
  if (node.parent != 0) out.add("parent", node.parent);
  out.add("name", node.name);
  if (!node.value.empty()) out.add("value", node.value);
  if (!node.hint.empty()) out.add("hint", node.hint);
  if (node.states != 0) out.add("states", node.states);
  if (node.level != 0) out.add("level", node.level);
  if (node.set_size != 0) out.add("pos", node.position).add("size", node.set_size);
  if (!reachable) out.add("inert", true);
  add_rect(out, "rect", node.rect);
  add_rect(out, "clip", node.clip);
  if (!node.extra.empty()) out.add_raw("text", node.extra);
  return out.str();
}

}  // namespace

Access::Access(ImGuiContext& context) {
  context.TestEngine = this;
  context.TestEngineHookItems = true;
}

void Access::begin_frame(const Rect& screen) {
  screen_ = screen;
  current_.clear();
  drag_areas_.clear();
  parents_.clear();
  layer_ = modal_ = 0;
  texts_ = 0;
}

void Access::item_added(Id id, const Rect& rect, const Rect& clip) {
  AccessNode& node = current_.emplace_back();
  node.id = id;
  node.parent = parents_.empty() ? 0 : parents_.back();
  node.layer = layer_;
  node.rect = rect;
  node.clip = clip.meet(screen_);
}

void Access::describe(Id id, const Described& what) {
  BANYAN_CHECK(!current_.empty() && current_.back().id == id);
  AccessNode& node = current_.back();
  node.role = what.role;
  node.name = what.name;
  node.value = what.value;
  node.hint = what.hint;
  node.states = what.states;
  node.level = what.level;
  node.position = what.position;
  node.set_size = what.set_size;
  if (what.text != nullptr) node.extra = text_entry_json(*what.text);
}

void Access::add_text(Role role, const Rect& rect, std::string_view text, int level) {
  const Id parent = parents_.empty() ? 0 : parents_.back();
  const std::uint32_t seed[] = {parent, ++texts_};
  item_added(ImHashData(seed, sizeof seed), rect, clip_of(*ImGui::GetCurrentWindow()));
  current_.back().role = role;
  current_.back().name = text;
  current_.back().level = level;
}

void Access::begin_group(Id id, Role role, std::string_view name, const Rect& rect,
                         std::uint32_t states) {
  item_added(id, rect, rect);
  current_.back().role = role;
  current_.back().name = name;
  current_.back().states = states;
  parents_.push_back(id);
}

void Access::end_group() { parents_.pop_back(); }

void Access::begin_layer(bool modal) {
  ++layer_;
  if (modal) modal_ = layer_;
}

void Access::end_layer() { parents_.clear(); }

// A screen reader counts the items of a list, so rows that follow one another lie in one,
// whether the view said so or not.
void Access::wrap_lists() {
  std::unordered_map<Id, Role> roles;
  for (const AccessNode& node : current_) roles[node.id] = node.role;
  std::vector<AccessNode> wrapped;
  wrapped.reserve(current_.size() + 8);
  std::uint32_t runs = 0;
  Id list = 0, outer = 0;
  for (AccessNode& node : current_) {
    const auto parent = roles.find(node.parent);
    const bool bare =
        node.role == Role::listitem && (parent == roles.end() || parent->second != Role::list);
    if (!bare) {
      list = 0;
    } else if (list == 0 || outer != node.parent) {
      outer = node.parent;
      const std::uint32_t seed[] = {outer, ++runs, static_cast<std::uint32_t>(Role::list)};
      list = ImHashData(seed, sizeof seed);
      AccessNode& group = wrapped.emplace_back();
      group.id = list;
      group.parent = outer;
      group.role = Role::list;
      group.layer = node.layer;
      group.rect = group.clip = node.clip;
    }
    if (bare) node.parent = list;
    wrapped.push_back(std::move(node));
  }
  current_.swap(wrapped);
}

std::string Access::end_frame() {
  std::erase_if(current_, [](const AccessNode& node) { return node.role == Role::none; });
  wrap_lists();
  last_.swap(current_);
  last_drag_areas_.swap(drag_areas_);
  last_modal_ = modal_;
  return diff();
}

std::string Access::diff() {
  std::string changed, order, gone;
  std::vector<Id> ids;
  std::unordered_map<Id, std::string> next;
  clashes_ = 0;
  for (const AccessNode& node : last_) {
    std::string json = node_json(node, node.layer >= last_modal_);
    const auto old = sent_.find(node.id);
    if (!next.try_emplace(node.id, json).second) {
      ++clashes_;
      continue;
    }
    ids.push_back(node.id);
    if (old == sent_.end() || old->second != json) changed += (changed.empty() ? "" : ",") + json;
  }
  const bool moved = ids != sent_order_;
  sent_.swap(next);
  sent_order_.swap(ids);
  if (changed.empty() && !moved) return {};
  if (moved) {
    for (const Id id : sent_order_) order += (order.empty() ? "" : ",") + std::to_string(id);
  }
  JsonObject out;
  out.add("kind", "nodes").add_raw("changed", '[' + changed + ']');
  if (moved) out.add_raw("order", '[' + order + ']');
  return out.str();
}

Id Access::item_at(Vec point) const {
  for (auto node = last_.rbegin(); node != last_.rend(); ++node) {
    if (node->layer < last_modal_ || !pressable(node->role)) continue;
    if (node->rect.contains(point) && node->clip.contains(point)) return node->id;
  }
  return 0;
}

Id Access::drag_area_at(Vec point, bool across) const {
  for (auto area = last_drag_areas_.rbegin(); area != last_drag_areas_.rend(); ++area) {
    if (area->layer < last_modal_ || !(across ? area->across : area->down)) continue;
    if (area->rect.contains(point)) return area->id;
  }
  return 0;
}

const AccessNode* Access::find(Id id) const {
  for (const AccessNode& node : last_) {
    if (node.id == id) return &node;
  }
  return nullptr;
}

}  // namespace banyan::ui

// The names and signatures of these hooks are Dear ImGui's.
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* ctx, ImGuiID id, const ImRect& bb,
                                 const ImGuiLastItemData* /*item_data*/) {
  const ImGuiWindow* window = ctx->CurrentWindow;
  if (ctx->TestEngine == nullptr || window == nullptr || id == 0) return;
  static_cast<banyan::ui::Access*>(ctx->TestEngine)
      ->item_added(id, {bb.Min.x, bb.Min.y, bb.GetWidth(), bb.GetHeight()},
                   banyan::ui::clip_of(*window));
}

// Labels and states come from our own widgets, which know roles and values too.
void ImGuiTestEngineHook_ItemInfo(ImGuiContext* /*ctx*/, ImGuiID /*id*/, const char* /*label*/,
                                  ImGuiItemStatusFlags /*flags*/) {}

void ImGuiTestEngineHook_Log(ImGuiContext* /*ctx*/, const char* /*fmt*/, ...) {}

const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext* /*ctx*/, ImGuiID /*id*/) {
  return nullptr;
}
