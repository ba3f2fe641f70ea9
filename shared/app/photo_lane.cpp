#include "shared/app/photo_lane.h"

namespace banyan {

Result<std::unique_ptr<PhotoLane>> PhotoLane::open(Database& db, Remote& remote) {
  TRY(
      db.exec("CREATE TABLE IF NOT EXISTS photo(hash BLOB PRIMARY KEY, size INTEGER NOT NULL,"
              " sent INTEGER NOT NULL, content BLOB NOT NULL);"
              "CREATE INDEX IF NOT EXISTS photo_waiting ON photo(sent) WHERE sent=0"));
  return std::unique_ptr<PhotoLane>(new PhotoLane(db, remote));
}

Result<Hash256> PhotoLane::keep(ByteView content) {
  if (content.empty() || content.size() > sync::kAttachmentBytesMax) {
    return fail(ErrorCode::TooLarge, "photo of " + std::to_string(content.size()) + " bytes");
  }
  const Hash256 hash = hash256(content);
  TRY(db_.run("INSERT OR IGNORE INTO photo VALUES(?1,?2,0,?3)", hash.view(),
              static_cast<std::int64_t>(content.size()), content));
  return hash;
}

Result<Bytes> PhotoLane::read(const Hash256& hash) {
  TRY_ASSIGN(Statement ask, db_.statement("SELECT content FROM photo WHERE hash=?1"));
  ask.bind(1, hash.view());
  TRY_ASSIGN(const bool there, ask.step());
  if (!there) return fail(ErrorCode::NotFound, "photo " + to_hex(hash.view()));
  const ByteView content = ask.blob(0);
  return Bytes(content.begin(), content.end());
}

Result<bool> PhotoLane::here(const Hash256& hash) {
  TRY_ASSIGN(const std::int64_t count,
             db_.query_int("SELECT count(*) FROM photo WHERE hash=?1", hash.view()));
  return count > 0;
}

Result<PhotoLane::Waiting> PhotoLane::waiting() {
  TRY_ASSIGN(Statement ask,
             db_.statement("SELECT count(*), coalesce(sum(size),0) FROM photo WHERE sent=0"));
  TRY_ASSIGN(const bool row, ask.step());
  BANYAN_CHECK(row);
  return Waiting{static_cast<int>(ask.integer(0)), static_cast<std::uint64_t>(ask.integer(1))};
}

Result<std::optional<Hash256>> PhotoLane::next_waiting() {
  TRY_ASSIGN(Statement ask, db_.statement("SELECT hash FROM photo WHERE sent=0 ORDER BY rowid"
                                          " LIMIT 1"));
  TRY_ASSIGN(const bool there, ask.step());
  if (!there) return std::optional<Hash256>();
  TRY_ASSIGN(const Hash256 hash, Hash256::from(ask.blob(0)));
  return std::optional<Hash256>(hash);
}

Status PhotoLane::mark_sent(const Hash256& hash) {
  return db_.run("UPDATE photo SET sent=1 WHERE hash=?1", hash.view());
}

void PhotoLane::start() {
  if (upload_ != nullptr) return;
  const auto hash = next_waiting();
  if (!hash.ok() || !hash->has_value()) return;  // a failed read shows as a stopped database
  Result<Bytes> content = read(**hash);
  if (!content.ok()) return;
  sending_ = std::move(content).value();
  upload_ = std::make_unique<sync::Upload>(sending_);
  send_next_part();
}

void PhotoLane::send_next_part() {
  const auto part = upload_->next();
  if (!part) {
    const Status sent = mark_sent(upload_->hash());
    upload_.reset();
    if (sent.ok()) start();
    return;
  }
  remote_.call("PUT", part->target, Bytes(part->bytes.begin(), part->bytes.end()),
               [this](Result<HttpReply> reply) {
                 if (!reply.ok() || !upload_->took(reply->body).ok()) {
                   upload_.reset();  // the next sync goes on from where the server stands
                   return;
                 }
                 send_next_part();
               });
}

void PhotoLane::fetch(const Hash256& hash, std::function<void(Status)> done) {
  fetch_next_part(std::make_shared<sync::Download>(hash, Bytes{}), hash, std::move(done));
}

void PhotoLane::fetch_next_part(std::shared_ptr<sync::Download> download, Hash256 hash,
                                std::function<void(Status)> done) {
  const std::string target = download->next();
  remote_.call("GET", target, {}, [this, download, hash, done](Result<HttpReply> reply) {
    if (!reply.ok()) return done(reply.error());
    if (Status took = download->took(reply->body, reply->status == 200); !took.ok()) {
      return done(took);
    }
    if (!download->done()) return fetch_next_part(download, hash, done);
    const Bytes& content = download->bytes();
    done(db_.run("INSERT OR REPLACE INTO photo VALUES(?1,?2,1,?3)", hash.view(),
                 static_cast<std::int64_t>(content.size()), content));
  });
}

}  // namespace banyan
