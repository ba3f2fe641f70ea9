# Zstandard from its single-file form, both directions.

zstd_inputs() { entry zstd; cat "$here/recipes/zstd.sh"; }

zstd_build() {  # platform out
  fetch_debian_source zstd
  mkdir -p "$2/include" "$2/lib" "$2/licence"
  (cd source/build/single_file_libs && sh create_single_file_library.sh)
  # shellcheck disable=SC2046
  "$(tool_cc "$1")" $(flags_of "$1") -DZSTD_MULTITHREAD=0 -DZSTD_LEGACY_SUPPORT=0 -w \
    -c source/build/single_file_libs/zstd.c -o zstd.o
  "$(tool_ar "$1")" rcs "$2/lib/libbanyan_zstd.a" zstd.o
  cp source/lib/zstd.h source/lib/zstd_errors.h "$2/include/"
  cp source/LICENSE "$2/licence/"
  cp source/.version "$2/version"
}
