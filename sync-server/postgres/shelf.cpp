#include "sync-server/postgres/shelf.h"

#include "sync-server/postgres/schema.h"

namespace banyan::postgres {

Result<std::unique_ptr<Shelf>> Shelf::open(std::string url, std::uint32_t organisation) {
  std::unique_ptr<Shelf> shelf(new Shelf(std::move(url)));
  TRY_ASSIGN(shelf->connection_, Connection::open(shelf->url_));
  TRY(make_tables(*shelf->connection_, organisation));
  return shelf;
}

Result<Answer> Shelf::ask(std::string sql, Arguments arguments) {
  for (int tries = 0;; ++tries) {
    if (connection_ == nullptr || connection_->lost()) {
      connection_.reset();
      mark_.reset();  // of a primary that may be another one now
      TRY_ASSIGN(connection_, Connection::open(url_));
    }
    auto answer = connection_->query(sql, arguments);
    if (answer || !connection_->lost() || tries > 0) return answer;
  }
}

Status Shelf::same_keys(const VerifyKey& organisation, const Hash256& challenge_check) {
  TRY(ask("UPDATE bank SET org_key=$1, challenge=$2 WHERE org_key IS NULL",
          arguments(organisation.view(), challenge_check.view())));
  TRY_ASSIGN(const Answer kept, ask("SELECT org_key,challenge FROM bank"));
  TRY_ASSIGN(const VerifyKey key, VerifyKey::from(kept.bytes(0, 0)));
  TRY_ASSIGN(const Hash256 check, Hash256::from(kept.bytes(0, 1)));
  if (key == organisation && check == challenge_check) return {};
  return fail(ErrorCode::Refused,
              "the keys in the data folder are not those of the bank in this database: copy"
              " organisation.json and keys/ from a server that serves it");
}

Result<std::vector<Shelf::Pack>> Shelf::packs() {
  TRY_ASSIGN(const Answer answer, ask("SELECT number,canonical FROM pack ORDER BY number"));
  return answer.each([&](int i) {
    return Pack{static_cast<std::uint32_t>(answer.integer(i, 0)), std::string(answer.text(i, 1))};
  });
}

Status Shelf::publish(const Pack& pack) {
  const Arguments values = arguments(std::int64_t{pack.number}, std::string_view(pack.canonical));
  TRY(ask("INSERT INTO pack(number,canonical) VALUES($1,$2) ON CONFLICT DO NOTHING", values));
  TRY_ASSIGN(const Answer same, ask("SELECT 1 FROM pack WHERE number=$1 AND canonical=$2", values));
  if (same.rows() > 0) return {};
  return fail(ErrorCode::Conflict, "packs " + std::to_string(pack.number) + " are others already");
}

Status Shelf::keep_code(const Hash256& code, const Code& kept) {
  TRY(ask("INSERT INTO code(h,usr,until_ms) VALUES($1,$2,$3)",
          arguments(code.view(), kept.user, kept.until_ms)));
  return {};
}

Result<Shelf::Code> Shelf::take_code(const Hash256& code) {
  TRY_ASSIGN(const Answer taken,
             ask("DELETE FROM code WHERE h=$1 RETURNING usr,until_ms", arguments(code.view())));
  if (taken.rows() == 0) return fail(ErrorCode::NotFound, "no such code");
  return Code{taken.row_id(0, 0), taken.integer(0, 1)};
}

Status Shelf::drop_codes(std::int64_t until_ms) {
  TRY(ask("DELETE FROM code WHERE until_ms<$1", arguments(until_ms)));
  return {};
}

// The journal's end is read after the sequence, so it lies behind that commit; a replica whose
// disk has the journal up to there has the commit.
Result<std::uint64_t> Shelf::replicated() {
  if (mark_) {
    TRY_ASSIGN(const Answer there, ask("SELECT 1 FROM pg_stat_replication"
                                       " WHERE sync_state IN ('sync','quorum')"
                                       " AND flush_lsn >= $1::text::pg_lsn LIMIT 1",
                                       arguments(std::string_view(mark_->journal))));
    if (there.rows() == 0) return replicated_;
    if (mark_) replicated_ = mark_->seq;
  }
  TRY_ASSIGN(const Answer now, ask("SELECT seq,pg_current_wal_flush_lsn()::text FROM seqr"));
  if (now.rows() > 0) mark_ = Mark{now.natural(0, 0), std::string(now.text(0, 1))};
  return replicated_;
}

}  // namespace banyan::postgres
