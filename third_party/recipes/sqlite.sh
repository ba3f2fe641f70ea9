# SQLite with SQLite3 Multiple Ciphers: pinned, hash-checked, repaired, one cipher.
# The build stops for a version below 3.51.3 (the WAL-reset bug) and for a set of
# patches that differs from the list [T9].

sqlite_inputs() {
  entry sqlite
  cat "$here"/recipes/sqlite.sh "$here"/sqlite/flags "$here"/sqlite/*.patch
}
sqlite_unrepaired_inputs() { sqlite_inputs; }

sqlite_flags() {  # platform
  sed -n -e 's/^-/-/p' -e "s/^$1 //p" "$here/sqlite/flags"
}

# The patches in the folder are exactly those of the list, with their hashes.
sqlite_check_patches() {
  local listed actual
  listed=$(field sqlite Patches | xargs -n 2)
  actual=$(cd "$here/sqlite" && for p in *.patch; do echo "$p $(sha256sum <"$p" | cut -c1-64)"; done)
  [[ $listed == "$actual" ]] || die "third_party/sqlite/*.patch differ from the list's Patches"
}

sqlite_check_version() {  # header
  local number
  number=$(sed -n 's/^#define SQLITE_VERSION_NUMBER *//p' "$1")
  [[ $number -ge 3051003 ]] || die "SQLite $number has the WAL-reset bug; 3.51.3 or newer is needed"
}

sqlite_compile() {  # platform out patched?
  local platform=$1 out=$2 archive
  sqlite_check_patches
  archive=$(fetch_npm sqlite)
  tar -xzf "$archive"
  mkdir -p "$out/include" "$out/lib" "$out/licence"
  # The file comes with carriage returns, patches are kept without.
  for file in sqlite3.c sqlite3.h; do
    tr -d '\r' <"package/deps/sqlite3/$file" >"$file"
  done
  sqlite_check_version sqlite3.h
  if [[ $3 == yes ]]; then
    for patch in "$here"/sqlite/*.patch; do patch -p1 --fuzz=0 <"$patch"; done
  fi
  # shellcheck disable=SC2046
  "$(tool_cc "$platform")" $(flags_of "$platform") $(sqlite_flags "$platform") -w \
    -c sqlite3.c -o sqlite3.o
  "$(tool_ar "$platform")" rcs "$out/lib/libbanyan_sqlite.a" sqlite3.o
  cp sqlite3.h "$out/include/"
  # The head of the file carries both notices: SQLite's blessing and the ciphers' licence.
  { sed -n '1,/^\*\//p' sqlite3.c; cat package/LICENSE; } >"$out/licence/LICENSE"
  sed -n 's/^#define SQLITE_VERSION *"\(.*\)"/\1/p' sqlite3.h >"$out/version"
}

sqlite_build() { sqlite_compile "$1" "$2" yes; }
# As upstream ships it: only for the tests that show what the repairs are for.
sqlite_unrepaired_build() { sqlite_compile "$1" "$2" no; }
