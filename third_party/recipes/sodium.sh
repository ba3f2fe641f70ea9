# libsodium, by its own configure script.

sodium_inputs() { entry sodium; cat "$here/recipes/sodium.sh"; }

sodium_build() {  # platform out
  local configure=(./configure) make=(make)
  fetch_debian_source sodium
  cd source
  local options=(--prefix="$2" --disable-shared --enable-static --disable-dependency-tracking)
  if [[ $1 == web ]]; then
    configure=(emconfigure ./configure)
    make=(emmake make)
    options+=(--host=none --disable-ssp --disable-asm --disable-pie --without-pthreads)
  fi
  local flags
  flags=$(flags_of "$1")
  # Without vectors: the known answer of Argon2id in kdf_test.cpp is wrong with them.
  if [[ $1 == web ]]; then flags=${flags//-msimd128/}; fi
  CFLAGS="$flags" "${configure[@]}" "${options[@]}"
  "${make[@]}" -j"$(nproc)" -C src/libsodium install
  mkdir -p "$2/licence"
  cp LICENSE "$2/licence/"
  cp .version "$2/version"
}
