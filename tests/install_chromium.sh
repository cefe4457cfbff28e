#!/usr/bin/env bash
# Sees to it that the browser tests find a Chromium. Takes the one that is there; else installs
# Debian's where it may. Without one the browser tests are skipped with that reason, except
# where CI=true: there it is an error.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then
    echo "chromium: using $(command -v "$name")"
    exit 0
  fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "chromium: installing with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update && apt-get install -y --no-install-recommends chromium && command -v chromium >/dev/null; then
    exit 0
  fi
  echo "chromium: apt-get could not install it" >&2
fi

echo "chromium: none found. Install it (Debian, as root: apt-get install chromium; else any Chrome on the PATH)." >&2
if [ "${CI:-}" = true ]; then
  exit 1
fi
echo "chromium: the browser tests will be skipped" >&2
