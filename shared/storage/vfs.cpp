#include "shared/storage/vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <string_view>

namespace banyan {
namespace {

constexpr std::size_t kPageSizeMin = 512;  // shorter reads are of the file's header

}  // namespace

struct StoreVfs::State {
  explicit State(Edges given) : edges(std::move(given)) {}

  Edges edges;
  std::string base_name;    // our layer
  std::string cipher_name;  // the cipher layer above it; empty without one
  sqlite3_vfs vfs{};
  std::optional<Error> cause;
  StoreFile* wal = nullptr;  // while the connection has it open

  // The first failure is remembered; returns `rc` for the caller to pass on.
  int poison(const Error& error, int rc) {
    if (!cause) {
      cause = error;
      if (edges.on_poison) edges.on_poison(error);
    }
    return rc;
  }
  // A full disk lets the connection live, everything else ends it.
  int refuse(const Error& error, int rc) {
    return error.code == ErrorCode::StorageFull ? SQLITE_FULL : poison(error, rc);
  }

  struct File;
  struct FileCalls;
  struct VfsCalls;
};

// What SQLite allocates for an open file. It sees the first member only.
struct StoreVfs::State::File {
  sqlite3_file base;
  State* state;
  StoreFile* file;
  bool database;  // the main file, made of whole pages

  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
};

struct StoreVfs::State::FileCalls {
  static int close(sqlite3_file* base) {
    File& self = File::of(base);
    if (self.state->wal == self.file) self.state->wal = nullptr;
    delete self.file;
    self.file = nullptr;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* base, void* out, int amount, sqlite3_int64 offset) {
    File& self = File::of(base);
    if (self.state->cause) return SQLITE_IOERR_READ;
    const std::span<std::uint8_t> buffer(static_cast<std::uint8_t*>(out),
                                         static_cast<std::size_t>(amount));
    const auto got = self.file->read(static_cast<std::uint64_t>(offset), buffer);
    if (!got.ok()) return self.state->poison(got.error(), SQLITE_IOERR_READ);
    if (*got == buffer.size()) return SQLITE_OK;
    // A page of which only a part is there would reach SQLite neither decrypted
    // nor checked: the cipher layer passes short reads on as they are.
    if (self.database && *got > 0 && buffer.size() >= kPageSizeMin) return SQLITE_CORRUPT;
    std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(*got), buffer.end(), std::uint8_t{0});
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* base, const void* in, int amount, sqlite3_int64 offset) {
    File& self = File::of(base);
    if (self.state->cause) return SQLITE_IOERR_WRITE;
    const ByteView bytes(static_cast<const std::uint8_t*>(in), static_cast<std::size_t>(amount));
    const Status done = self.file->write(static_cast<std::uint64_t>(offset), bytes);
    return done.ok() ? SQLITE_OK : self.state->refuse(done.error(), SQLITE_IOERR_WRITE);
  }

  static int truncate(sqlite3_file* base, sqlite3_int64 size) {
    File& self = File::of(base);
    if (self.state->cause) return SQLITE_IOERR_TRUNCATE;
    const Status done = self.file->truncate(static_cast<std::uint64_t>(size));
    return done.ok() ? SQLITE_OK : self.state->refuse(done.error(), SQLITE_IOERR_TRUNCATE);
  }

  // A failed flush says nothing about what reached the disk: always the end.
  static int sync(sqlite3_file* base, int) {
    File& self = File::of(base);
    if (self.state->cause) return SQLITE_IOERR_FSYNC;
    const Status done = self.file->sync();
    return done.ok() ? SQLITE_OK : self.state->poison(done.error(), SQLITE_IOERR_FSYNC);
  }

  static int size(sqlite3_file* base, sqlite3_int64* out) {
    File& self = File::of(base);
    if (self.state->cause) return SQLITE_IOERR_FSTAT;
    const auto size = self.file->size();
    if (!size.ok()) return self.state->poison(size.error(), SQLITE_IOERR_FSTAT);
    *out = static_cast<sqlite3_int64>(*size);
    return SQLITE_OK;
  }

  // The store lends a file to one owner only, so there is nobody to lock out.
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int check_reserved_lock(sqlite3_file*, int* out) {
    *out = 0;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int operation, void* argument) {
    if (operation != SQLITE_FCNTL_PERSIST_WAL) return SQLITE_NOTFOUND;
    *static_cast<int*>(argument) = 1;  // a closed log stays, empty, and keeps its place
    return SQLITE_OK;
  }

  static int sector_size(sqlite3_file*) { return 4096; }
  static int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  // Version 1: neither shared memory nor memory mapping.
  static constexpr sqlite3_io_methods kMethods{1,
                                               close,
                                               read,
                                               write,
                                               truncate,
                                               sync,
                                               size,
                                               lock,
                                               lock,
                                               check_reserved_lock,
                                               control,
                                               sector_size,
                                               device_characteristics,
                                               nullptr,
                                               nullptr,
                                               nullptr,
                                               nullptr,
                                               nullptr,
                                               nullptr};
};

struct StoreVfs::State::VfsCalls {
  static State& of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* out, int flags,
                  int* out_flags) {
    State& state = of(vfs);
    File& self = File::of(out);
    self.base.pMethods = nullptr;
    if (state.cause) return SQLITE_IOERR;
    if (name == nullptr) return SQLITE_CANTOPEN;  // temporary data stays in memory
    const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    auto file = state.edges.store.open(name, create ? OpenMode::Create : OpenMode::Existing);
    if (!file.ok()) return open_error(state, file.error());
    self.state = &state;
    self.file = std::move(*file).release();
    self.database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    self.base.pMethods = &FileCalls::kMethods;
    if ((flags & SQLITE_OPEN_WAL) != 0) state.wal = self.file;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int open_error(State& state, const Error& error) {
    switch (error.code) {
      case ErrorCode::NotFound:
      case ErrorCode::Invalid:
      case ErrorCode::Unavailable: return SQLITE_CANTOPEN;
      case ErrorCode::Locked: return SQLITE_BUSY;
      default: return state.refuse(error, SQLITE_IOERR);
    }
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    State& state = of(vfs);
    if (state.cause) return SQLITE_IOERR_DELETE;
    const Status done = state.edges.store.remove(name);
    if (done.ok()) return SQLITE_OK;
    if (done.error().code == ErrorCode::NotFound) return SQLITE_IOERR_DELETE_NOENT;
    return state.poison(done.error(), SQLITE_IOERR_DELETE);
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
    State& state = of(vfs);
    if (state.cause) return SQLITE_IOERR_ACCESS;
    const Result<bool> there = state.edges.store.exists(name);
    if (!there.ok()) return state.poison(there.error(), SQLITE_IOERR_ACCESS);
    *out = *there ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    if (!check_store_name(name).ok()) return SQLITE_CANTOPEN;
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    of(vfs).edges.random.fill(
        {reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  }

  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }  // nobody to wait for

  static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
    constexpr sqlite3_int64 kUnixEpochJulianMs = 210'866'760'000'000;
    *out = kUnixEpochJulianMs + of(vfs).edges.clock.wall_ms();
    return SQLITE_OK;
  }

  static int current_time(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 ms = 0;
    current_time_ms(vfs, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return SQLITE_OK;
  }

  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

StoreVfs::StoreVfs(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<StoreVfs>> StoreVfs::create(Edges edges, bool encrypted) {
  static std::atomic<std::uint64_t> created{0};
  auto state = std::make_unique<State>(std::move(edges));
  state->base_name = "banyan" + std::to_string(++created);
  sqlite3_vfs& vfs = state->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(State::File);
  vfs.mxPathname = 128;
  vfs.zName = state->base_name.c_str();
  vfs.pAppData = state.get();
  vfs.xOpen = State::VfsCalls::open;
  vfs.xDelete = State::VfsCalls::remove;
  vfs.xAccess = State::VfsCalls::access;
  vfs.xFullPathname = State::VfsCalls::full_pathname;
  vfs.xRandomness = State::VfsCalls::randomness;
  vfs.xSleep = State::VfsCalls::sleep;
  vfs.xCurrentTime = State::VfsCalls::current_time;
  vfs.xCurrentTimeInt64 = State::VfsCalls::current_time_ms;
  vfs.xGetLastError = State::VfsCalls::last_error;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) {
    return fail(ErrorCode::Unavailable, "no memory for the file layer");
  }
  if (encrypted) {
    if (sqlite3mc_vfs_create(state->base_name.c_str(), 0) != SQLITE_OK) {
      sqlite3_vfs_unregister(&vfs);
      return fail(ErrorCode::Unavailable, "no memory for the cipher layer");
    }
    state->cipher_name = "multipleciphers-" + state->base_name;
  }
  return std::unique_ptr<StoreVfs>(new StoreVfs(std::move(state)));
}

StoreVfs::~StoreVfs() {
  if (!state_->cipher_name.empty()) sqlite3mc_vfs_destroy(state_->cipher_name.c_str());
  sqlite3_vfs_unregister(&state_->vfs);
}

const char* StoreVfs::name() const {
  return state_->cipher_name.empty() ? state_->base_name.c_str() : state_->cipher_name.c_str();
}

bool StoreVfs::poisoned() const { return state_->cause.has_value(); }

const Error& StoreVfs::cause() const {
  BANYAN_CHECK(poisoned());
  return *state_->cause;
}

Status StoreVfs::reserve_wal(std::uint64_t bytes) {
  if (poisoned()) return cause();
  if (state_->wal == nullptr) return fail(ErrorCode::Invalid, "there is no write-ahead log");
  const auto grow = [&]() -> Status {
    TRY_ASSIGN(std::uint64_t at, state_->wal->size());
    // Written, not only extended: a sparse file reserves nothing.
    const Bytes zeros(64 * 1024);
    while (at < bytes) {
      const std::uint64_t size = std::min<std::uint64_t>(zeros.size(), bytes - at);
      TRY(state_->wal->write(at, ByteView(zeros).first(static_cast<std::size_t>(size))));
      at += size;
    }
    return {};
  };
  Status grown = grow();
  if (!grown.ok()) state_->refuse(grown.error(), SQLITE_IOERR);
  return grown;
}

}  // namespace banyan
