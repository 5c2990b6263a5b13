# Sourced, not run. need_packages <package>...: installs the Debian packages that are missing.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local sudo=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "missing packages, and no root to install them: ${missing[*]}" >&2
      return 1
    }
    sudo=(sudo)
  fi
  echo "installing: ${missing[*]}" >&2
  local -a apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
  "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
  "${apt[@]}" update -qq >&2
  "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What building braid takes.
build_packages=(g++ cmake ninja-build pkg-config libdeflate-dev libisal-dev zlib1g-dev libzstd-dev
  liblz4-dev liblzma-dev libbz2-dev libdivsufsort-dev libbrotli-dev libxxhash-dev libhwloc-dev
  libfmt-dev nlohmann-json3-dev)

# What the tests take on top: the formats' own tools are the oracles.
test_packages=(libgtest-dev python3 git gzip pigz zstd lz4 xz-utils lzip plzip bzip2 lbzip2 brotli tabix gztool isal
  libdeflate-tools pixz util-linux mandoc lld zip unzip 7zip libarchive-tools strace)
