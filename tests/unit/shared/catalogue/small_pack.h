// A small pack that is right, for tests that add one thing that is wrong.
#pragma once

#include <string>
#include <vector>

#include "shared/catalogue/packs.h"

namespace banyan::test {

inline const char* const kSmallManifest = R"({
  "pack": "small", "version": "1", "label": {"zh": "小", "en": "Small"}, "numbers": [1, 999],
  "classes": [{"name": "staff", "bit": 0, "label": {"zh": "行员", "en": "Staff"}}]})";

inline const char* const kSmallThings = R"([
  {"choice_list": "colour", "choices": [
    {"name": "red", "no": 1, "zh": "红", "en": "Red"},
    {"name": "blue", "no": 2, "zh": "蓝", "en": "Blue"}]},
  {"entity": "staff", "no": 2, "reference": true, "title": "name",
   "label": {"zh": "员工", "en": "Staff member"}, "plural": {"zh": "员工", "en": "Staff"},
   "fields": [{"name": "name", "no": 1, "type": "text", "required": true, "label": {"zh": "姓名", "en": "Name"}},
              {"name": "boss", "no": 2, "type": "ref:staff", "label": {"zh": "上级", "en": "Boss"}}]},
  {"entity": "customer", "no": 1, "title": "name", "scopes": ["owner"],
   "label": {"zh": "客户", "en": "Customer"},
   "fields": [
     {"name": "name", "no": 1, "type": "text", "label": {"zh": "姓名", "en": "Name"}},
     {"name": "owner", "no": 2, "type": "ref:staff", "merge": "machine", "label": {"zh": "经理", "en": "Officer"}},
     {"name": "state", "no": 3, "type": "enum", "default": "'open'", "label": {"zh": "状态", "en": "State"}, "choices": [
       {"name": "open", "no": 1, "zh": "开", "en": "Open"},
       {"name": "shut", "no": 2, "zh": "关", "en": "Shut"}]},
     {"name": "colour", "no": 4, "type": "enum", "choices": "colour", "label": {"zh": "颜色", "en": "Colour"}}],
   "machine": {"field": "state", "moves": [
     {"from": ["open"], "to": "shut", "label": {"zh": "关", "en": "Shut"}}]}},
  {"entity": "call", "no": 3, "aggregate": "customer", "fact": true, "title": "text",
   "label": {"zh": "来电", "en": "Call"},
   "fields": [{"name": "text", "no": 1, "type": "text", "max": 10, "label": {"zh": "内容", "en": "Text"}}]},
  {"role": "officer", "label": {"zh": "经理", "en": "Officer"}, "scope": "own", "start": "today",
   "sees": ["staff"], "rights": {"*": "read", "customer": "read create update"}}
])";

inline PackSource small_pack(std::vector<PackFile> more = {}) {
  PackSource source{"small", {{"pack.json", kSmallManifest}, {"things.json", kSmallThings}}};
  source.files.insert(source.files.end(), more.begin(), more.end());
  return source;
}

}  // namespace banyan::test
