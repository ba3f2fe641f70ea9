// bench-bytes: what a change costs on the wire, and what coding it costs.
//
//   bench-bytes [FILE.json]
#include <cstdio>
#include <ctime>
#include <map>
#include <string>

#include "shared/base/hlc.h"
#include "shared/changelog/bundle.h"
#include "shared/changelog/codec.h"
#include "shared/changelog/merge.h"
#include "shared/changelog/page.h"
#include "shared/crypto/init.h"
#include "shared/platform/random.h"
#include "tests/bench/bytes/week.h"
#include "tests/bench/workload.h"

namespace banyan::bench {
namespace {

// Processor time of this program, so that a busy machine changes little.
struct Clock {
  using time_point = std::clock_t;
  static time_point now() { return std::clock(); }
};

// One line of the result: printed at once, written as JSON at the end.
class Report {
 public:
  void add(const std::string& name, double value, const char* unit) {
    std::printf("%-58s %12.2f %s\n", name.c_str(), value, unit);
    json_ += (json_.empty() ? "{" : ",") + ("\n  \"" + name + "\": ") + std::to_string(value);
  }
  bool save(const char* path) const {
    std::FILE* file = std::fopen(path, "w");
    if (file == nullptr) return false;
    const bool written = std::fputs((json_ + "\n}\n").c_str(), file) >= 0;
    return std::fclose(file) == 0 && written;
  }

 private:
  std::string json_;
};

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench-bytes: %s\n", result.error().detail.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

double seconds_since(Clock::time_point start) {
  return static_cast<double>(Clock::now() - start) / CLOCKS_PER_SEC;
}

struct Sent {
  std::size_t bytes = 0;
  std::size_t messages = 0;
  double encode_s = 0;
  double decode_s = 0;
};

Sent send_bundles(std::span<const Commit> commits, std::size_t at_once, const SigningKey& key) {
  Sent sent;
  ChainSpan span;
  span.organisation = 1;
  span.device = DeviceId{57};
  span.first = 1;
  while (!commits.empty()) {
    const auto part = commits.first(std::min(at_once, commits.size()));
    const auto start = Clock::now();
    const Bytes bytes = must(encode_bundle(span, part, key));
    sent.encode_s += seconds_since(start);
    sent.bytes += bytes.size();
    ++sent.messages;
    const auto arrived = Clock::now();
    const Bundle bundle = must(decode_bundle(bytes, key.verify_key()));
    sent.decode_s += seconds_since(arrived);
    BANYAN_CHECK(std::equal(part.begin(), part.end(), bundle.commits.begin()));
    span.first += part.size();
    span.previous = bundle.hashes.back();
    commits = commits.subspan(part.size());
  }
  return sent;
}

void report_sent(Report& report, const std::string& name, const Sent& sent, std::size_t units,
                 std::size_t commits) {
  report.add(name + ", bytes", static_cast<double>(sent.bytes) / static_cast<double>(units), "B");
  report.add(name + ", encode and sign", sent.encode_s * 1e6 / static_cast<double>(commits), "us");
  report.add(name + ", decode and verify", sent.decode_s * 1e6 / static_cast<double>(commits),
             "us");
}

void measure_week(Report& report, const SigningKey& key) {
  for (const Notes notes : {Notes::Latin, Notes::Chinese}) {
    const std::string name = notes == Notes::Latin ? "week" : "week, Chinese notes";
    const std::vector<Commit> commits = officers_week(notes);
    report.add(name + ", values alone per commit",
               static_cast<double>(value_bytes(commits)) / static_cast<double>(commits.size()),
               "B");
    for (const std::size_t at_once : {1UL, 20UL, 200UL, 600UL}) {
      const Sent sent = send_bundles(commits, at_once, key);
      report_sent(report, name + ", a commit at " + std::to_string(at_once) + " a bundle", sent,
                  commits.size(), commits.size());
    }
  }
}

void measure_phone_edit(Report& report, const SigningKey& key) {
  Commit commit;
  commit.schema = 12;
  commit.hlc = hlc_of(1'756'684'800'000);
  commit.epoch = 0x5EED1234;
  commit.seen = 1'250'000;
  commit.aggregate = RowId{RowIdMinter(kImportDevice, 0x1A2B3).next()};
  commit.user = static_cast<std::uint64_t>(number(commit.aggregate)) + 5'000;
  commit.rows = {{1, Op::Update, commit.aggregate, 1, {{3, std::string("10123456789"), {}}}}};
  const Sent one = send_bundles({&commit, 1}, 1, key);
  report.add("one phone edit, whole signed bundle", static_cast<double>(one.bytes), "B");
  const Commit pair[] = {commit, commit};
  const Sent two = send_bundles(pair, 2, key);
  report.add("one phone edit more in the bundle (same, packed)",
             static_cast<double>(two.bytes - one.bytes), "B");
}

// Everything that happened on one replica: 50,000 creations, 100,000 edits.
std::vector<Commit> workload_commits() {
  const std::vector<Customer> customers = make_customers(kCustomers);
  const std::vector<Edit> edits = make_edits(kSeedW2, customers, kEdits);
  RowIdMinter minter(DeviceId{57}, 0x0C0DE);
  Hlc hlc;
  std::int64_t now_ms = 1'756'684'800'000;
  std::vector<Commit> out;
  std::vector<RowId> ids;
  for (const Customer& customer : customers) {
    Commit commit{12, hlc.next(now_ms), 1, 0, 7, minter.next(), {}};
    ids.push_back(commit.aggregate);
    RowWrite row{1, Op::Insert, commit.aggregate, 1, {}};
    std::string uuid;
    for (const char c : customer[kId]) {
      if (c != '-') uuid += c;
    }
    row.cells.push_back({1, std::string(as_text(must(from_hex(uuid)))), {}});
    for (std::uint32_t column = kName; column < kColumns; ++column) {
      if (column == kAum) {
        row.cells.push_back({column + 1, std::int64_t{std::stoll(customer[column])}, {}});
      } else {
        row.cells.push_back({column + 1, customer[column], {}});
      }
    }
    commit.rows.push_back(std::move(row));
    if (out.size() % 1000 == 999) now_ms += 5;
    out.push_back(std::move(commit));
  }
  for (const Edit& edit : edits) {
    Commit commit{12, hlc.next(now_ms), 1, 0, 7, ids[edit.customer], {}};
    Value value = edit.value;
    if (edit.column == kAum) value = std::int64_t{std::stoll(edit.value)};
    commit.rows.push_back({1,
                           Op::Update,
                           commit.aggregate,
                           1,
                           {{static_cast<std::uint32_t>(edit.column) + 1, std::move(value), {}}}});
    if (out.size() % 100 == 99) ++now_ms;
    out.push_back(std::move(commit));
  }
  return out;
}

Entity customer_entity() {
  Entity entity;
  entity.name = entity.aggregate = "customer";
  entity.no = 1;
  for (std::uint32_t no = 1; no <= kColumns; ++no) {
    Field field;
    field.name = "f" + std::to_string(no);
    field.no = no;
    field.type = no == kAum + 1 ? FieldType::Money : FieldType::Text;
    field.merge = Merge::Register;
    entity.fields.push_back(field);
  }
  return entity;
}

void measure_pages(Report& report, const std::vector<Commit>& commits, const SigningKey& key) {
  const Entity entity = customer_entity();
  std::vector<Row> rows;
  std::map<std::int64_t, std::size_t> places;
  std::vector<OpOutcome> outcomes;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const Commit& commit = commits[i];
    const auto [at, fresh] = places.try_emplace(number(commit.aggregate), rows.size());
    if (fresh) rows.emplace_back();
    WriteContext context{DeviceId{57}, i + 1, 0, commit.hlc, false};
    merge(entity, commit.aggregate, commit.rows[0], context, rows[at->second], outcomes);
  }
  report.add("merge of a commit", seconds_since(start) * 1e6 / static_cast<double>(commits.size()),
             "us");
  BANYAN_CHECK(outcomes.empty());

  constexpr std::size_t kRowsAtOnce = 10'000;
  std::size_t bytes = 0;
  double encode_s = 0;
  double decode_s = 0;
  std::size_t clocks = 0;
  for (std::size_t from = 0; from < rows.size(); from += kRowsAtOnce) {
    Page page;
    page.complete = true;
    for (std::size_t i = from; i < std::min(rows.size(), from + kRowsAtOnce); ++i) {
      page.aggregates.push_back({rows[i].id, PageMode::Changes, {{true, rows[i]}}});
      ByteWriter clock;
      encode_clock(rows[i].clock, clock);
      clocks += clock.size();
    }
    const auto before = Clock::now();
    const Bytes sent = must(encode_page(page, key));
    encode_s += seconds_since(before);
    bytes += sent.size();
    const auto arrived = Clock::now();
    const Page got = must(decode_page(sent, key.verify_key()));
    decode_s += seconds_since(arrived);
    BANYAN_CHECK(got == page);
  }
  const auto count = static_cast<double>(rows.size());
  report.add("W3 as pages, a change", static_cast<double>(bytes) / 650'000, "B");
  report.add("W3 as pages, a customer", static_cast<double>(bytes) / count, "B");
  report.add("W3 as pages, encode and sign a row", encode_s * 1e6 / count, "us");
  report.add("W3 as pages, decode and verify a row", decode_s * 1e6 / count, "us");
  report.add("row clock as stored", static_cast<double>(clocks) / count, "B");
}

void measure_canonical(Report& report, const std::vector<Commit>& commits) {
  std::vector<Bytes> coded;
  coded.reserve(commits.size());
  auto start = Clock::now();
  for (const Commit& commit : commits) {
    ByteWriter out;
    encode_commit(commit, out);
    coded.push_back(out.take());
  }
  const auto count = static_cast<double>(commits.size());
  report.add("canonical commit, encode", seconds_since(start) * 1e6 / count, "us");
  start = Clock::now();
  Hash256 hash;
  for (const Bytes& bytes : coded) hash = next_chain(hash, bytes);
  report.add("chain, a commit", seconds_since(start) * 1e6 / count, "us");
  start = Clock::now();
  Commit again;
  for (const Bytes& bytes : coded) BANYAN_CHECK(decode_commit(bytes, again).ok());
  report.add("canonical commit, decode", seconds_since(start) * 1e6 / count, "us");
}

int run(const char* json) {
  if (!crypto_init()) return 1;
  Report report;
  SystemRandom random;
  const SigningKey key = SigningKey::generate(random);
  measure_phone_edit(report, key);
  measure_week(report, key);
  const std::vector<Commit> commits = workload_commits();
  for (const std::size_t at_once : {200UL, 2'000UL, 10'000UL}) {
    const Sent sent = send_bundles(commits, at_once, key);
    report_sent(report, "W3 as bundles of " + std::to_string(at_once) + ", a change", sent, 650'000,
                commits.size());
  }
  measure_canonical(report, commits);
  measure_pages(report, commits, key);
  return json == nullptr || report.save(json) ? 0 : 1;
}

}  // namespace
}  // namespace banyan::bench

int main(int argc, char** argv) { return banyan::bench::run(argc > 1 ? argv[1] : nullptr); }
