#include <algorithm>

#include "shared/app/queries.h"
#include "shared/base/pinyin.h"
#include "shared/base/text.h"
#include "tests/bench/app/measures.h"
#include "tests/bench/workload.h"

namespace banyan::bench {
namespace {

constexpr std::size_t kAsked = 200;
constexpr std::size_t kRowsShown = 12;

struct Asked {
  RowId id{};
  std::string name, phone;
};

std::vector<Asked> some_people(Session& session) {
  std::vector<Asked> all, out;
  Statement rows = must(session.database().statement(
      "SELECT id, name, phone FROM customer WHERE kind=1 AND phone IS NOT NULL AND _dead=0"));
  while (must(rows.step())) {
    all.push_back({rows.row_id(0), std::string(rows.text(1)), std::string(rows.text(2))});
  }
  expect(!all.empty(), "there are people to search for");
  Draw draw(11);
  while (out.size() < kAsked)
    out.push_back(all[draw.below(static_cast<std::uint32_t>(all.size()))]);
  return out;
}

// Every prefix, as it is typed: a Chinese character or a letter at a time.
std::vector<std::string> prefixes(std::string_view text) {
  std::vector<std::string> out;
  std::string typed;
  while (!text.empty()) {
    const std::string_view first = utf8_first(text);
    typed += first;
    text.remove_prefix(first.size());
    out.push_back(typed);
  }
  return out;
}

// The last question of a person must find him, unless there are more hits than are shown.
void measure_kind(Report& report, const std::string& section, Session& session,
                  const std::string& kind, const std::vector<Asked>& people,
                  const std::function<std::string(const Asked&)>& text_of_person) {
  std::vector<double> ms;
  for (const Asked& person : people) {
    CustomerList list(session);
    for (const std::string& typed : prefixes(text_of_person(person))) {
      const Stopwatch watch;
      list.ask_for(typed, {}, CustomerSort::Best);
      for (std::size_t i = 0; i < std::min(kRowsShown, list.size()); ++i) list.at(i);
      ms.push_back(watch.taken().wall_s * 1e3);
    }
    bool found = list.capped();
    for (std::size_t i = 0; i < list.size() && !found; ++i) found = list.id_at(i) == person.id;
    expect(found, "search by " + kind + " finds the customer");
  }
  report.figure(section, "search by " + kind + ", a key, p50", percentile(ms, 0.5), "ms");
  report.figure(section, "search by " + kind + ", a key, p99", percentile(ms, 0.99), "ms");
}

}  // namespace

void measure_search(Report& report, const std::string& section, Session& session) {
  const std::vector<Asked> people = some_people(session);
  measure_kind(report, section, session, "name", people, [](const Asked& p) { return p.name; });
  measure_kind(report, section, session, "pinyin", people,
               [](const Asked& p) { return pinyin_of_person(p.name).full; });
  measure_kind(report, section, session, "initials", people,
               [](const Asked& p) { return pinyin_of_person(p.name).initials; });
  measure_kind(report, section, session, "tail digits", people,
               [](const Asked& p) { return p.phone.substr(p.phone.size() - 4); });
}

}  // namespace banyan::bench
