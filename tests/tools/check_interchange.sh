#!/usr/bin/env bash
# Reads the exports among tests/data/payload with stix2 and pymisp, both put
# into a virtual environment that is thrown away.
#
# Skips, and says why, only where Python or its pip is not there. Packages
# that cannot be installed are a failure: nothing was checked.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() { printf 'skipped: %s\n' "$*"; exit 0; }

command -v python3 >/dev/null || skip "python3 is not installed"
# Debian packs each of these on its own.
python3 -c 'import ensurepip, venv' 2>/dev/null ||
  skip "python3 has no pip for a virtual environment: install python3-venv"

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet \
  --disable-pip-version-check stix2 pymisp
"$folder/venv/bin/python" tests/tools/check_interchange.py
