# Shell functions for third_party/prepare. A recipe NAME defines
#   NAME_inputs PLATFORM        prints whatever the result depends on
#   NAME_build PLATFORM OUT     fills the folder OUT, working in the current folder

# The value of one field of one entry of the list; fails when it is missing.
field() {  # entry field
  awk -v entry="$1" -v field="$2:" '
    $1 == "Name:" { here = ($2 == entry) }
    here && $1 == field { sub(/^[^:]*: */, ""); print; found = 1 }
    END { exit !found }' "$here/versions"
}

entry() { awk -v RS= -v name="$1" '$0 ~ "(^|\n)Name: " name "(\n|$)"' "$here/versions"; }

die() { echo "third_party: $*" >&2; exit 1; }

compiler_id() {  # platform
  case $1 in
    native) "${CC:-cc}" --version | head -n 1; uname -m ;;
    web) emcc --version | head -n 1 ;;
    source) echo none ;;
  esac
}

# Prints the folder with the result of a recipe, building it when it is not there.
ready() {  # recipe platform
  local recipe=$1 platform=$2 key out work log
  key=$({ "${recipe}_inputs" "$platform"; compiler_id "$platform"; flags_of "$platform"; } |
    sha256sum | cut -c1-16)
  out="$cache/$recipe-$platform-$key"
  if [[ ! -d $out ]]; then
    echo "third_party: building $recipe ($platform), once" >&2
    work=$(mktemp -d "$cache/.work-$recipe-XXXXXX")
    log="$cache/$recipe-$platform.log"
    mkdir "$work/out" "$work/build"
    # Not "if ! (...)": a condition would switch the shell's own error checks off.
    set +e
    (set -e; cd "$work/build"; "${recipe}_build" "$platform" "$work/out") >"$log" 2>&1
    local status=$?
    set -e
    if [[ $status -ne 0 ]]; then
      tail -n 25 "$log" >&2
      die "$recipe ($platform) failed; the whole story is in $log"
    fi
    mv "$work/out" "$out"
    rm -rf "$work"
  fi
  echo "$out"
}

# Fetches the npm package of an entry into the current folder, checked by hash.
fetch_npm() {  # entry; prints the file
  local package version file
  package=$(field "$1" Source); package=${package#npm }
  version=$(field "$1" Version)
  file=$(npm pack --silent --ignore-scripts "$package@$version")
  echo "$(field "$1" Sha256)  $file" | sha256sum --check --status - ||
    die "$file has sha256 $(sha256sum <"$file" | cut -c1-64), not the one in third_party/versions"
  echo "$file"
}

# A private view of the mirror this machine already uses, with the newer suites that
# hold the sources we need. The machine's own package state is not touched.
apt_newer() {
  local state="$cache/apt" keyring=/usr/share/keyrings/debian-archive-keyring.gpg uri
  [[ -e $keyring ]] || keyring=${keyring%.gpg}.pgp
  [[ -e $keyring ]] || die "no keyring of the distribution (package debian-archive-keyring)"
  if [[ ! -e $state/ready ]]; then
    uri=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
      awk '$2 !~ /-/ { print $1; exit }')
    [[ -n $uri ]] || die "apt knows no mirror: run 'apt-get update' first"
    mkdir -p "$state/lists/partial" "$state/archives/partial"
    for suite in trixie sid; do
      echo "deb-src [signed-by=$keyring] $uri $suite main"
    done >"$state/sources.list"
  fi
  local options=(-qq -o "Dir::State=$state" -o "Dir::State::status=/dev/null"
    -o "Dir::Cache=$state" -o "Dir::Etc::sourcelist=$state/sources.list"
    -o "Dir::Etc::sourceparts=/dev/null" -o "Acquire::Languages=none"
    -o "APT::Sandbox::User=$(id -un)" -o "Acquire::Retries=3")
  if [[ ! -e $state/ready ]]; then
    apt-get "${options[@]}" update || die "the newer suites' lists could not be read"
    touch "$state/ready"
  fi
  apt-get "${options[@]}" "$@"
}

# Unpacks the upstream source of an entry into the current folder. apt checks the
# hashes up to the signed release file; Version is the least we accept.
fetch_debian_source() {  # entry
  local package version dsc archive
  package=$(field "$1" Source); package=${package#debian-source }
  if ! apt_newer source --download-only "$package"; then
    rm -f "$cache/apt/ready"  # the suite moved on since we read its list
    apt_newer source --download-only "$package"
  fi
  dsc=$(echo "$package"_*.dsc)
  version=$(sed -n 's/^Version: //p' "$dsc" | head -n 1)
  dpkg --compare-versions "$version" ge "$(field "$1" Version)" ||
    die "$package is $version here; $(field "$1" Version) or newer is needed"
  archive=$(echo "$package"_*.orig.tar.*[xz2])
  mkdir source
  tar -xf "$archive" -C source --strip-components=1
  echo "$version" >source/.version
}

tool_cc() { [[ $1 == web ]] && echo emcc || echo "${CC:-cc}"; }
tool_ar() { [[ $1 == web ]] && echo emar || echo ar; }
flags_of() {  # platform
  [[ $1 == web ]] && echo "-O2 -msimd128" || echo "-O2 -fPIC -fstack-protector-strong"
}
