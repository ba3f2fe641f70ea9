# Header-only libraries of the machine's suite, and nothing else of /usr/include:
# the WebAssembly compiler must not see the machine's C headers.

headers_inputs() { cat "$here/recipes/headers.sh"; }

headers_build() {  # source out
  mkdir -p "$2/json" "$2/doctest"
  [[ -e /usr/include/nlohmann/json.hpp ]] || die "package nlohmann-json3-dev is missing"
  [[ -e /usr/include/doctest/doctest.h ]] || die "package doctest-dev is missing"
  ln -s /usr/include/nlohmann "$2/json/nlohmann"
  ln -s /usr/include/doctest "$2/doctest/doctest"
}
