# QR codes, two small C libraries: qrencode draws them, quirc reads them.

qrencode_inputs() { entry qrencode; cat "$here/recipes/qr.sh"; }
quirc_inputs() { entry quirc; cat "$here/recipes/qr.sh"; }

# One library of these files.
qr_library() {  # platform out name flags file...
  local platform=$1 out=$2 name=$3 flags=$4 file
  shift 4
  mkdir -p "$out/include" "$out/lib" "$out/licence"
  for file in "$@"; do
    # shellcheck disable=SC2046,SC2086
    "$(tool_cc "$platform")" $(flags_of "$platform") $flags -w -c "$file" -o "$(basename "$file" .c).o"
  done
  "$(tool_ar "$platform")" rcs "$out/lib/libbanyan_$name.a" ./*.o
}

qrencode_build() {  # platform out
  fetch_debian_source qrencode
  cd source
  qr_library "$1" "$2" qrencode "-DSTATIC_IN_RELEASE=static -DMAJOR_VERSION=4 -DMINOR_VERSION=1
    -DMICRO_VERSION=1 -DVERSION=\"4.1.1\"" bitstream.c mask.c mmask.c mqrspec.c qrencode.c qrinput.c \
    qrspec.c rsecc.c split.c
  cp qrencode.h "$2/include/"
  cp COPYING "$2/licence/LICENSE"
  cp .version "$2/version"
}

quirc_build() {  # platform out
  tar -xf "$(fetch_npm quirc)"
  cd package/deps/quirc
  qr_library "$1" "$2" quirc "" decode.c identify.c quirc.c version_db.c
  cp quirc.h "$2/include/"
  cp ../../LICENSE "$2/licence/"
  field quirc Version >"$2/version"
}
