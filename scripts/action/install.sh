#!/usr/bin/env bash
# A step of action.yml: installs chatkit-doctor into an environment of its own.
#
# Reads PYTHON, VERSION (empty for the code of the action itself), GITHUB_ACTION_PATH and RUNNER_TEMP.
# Puts out command, the path of chatkit-doctor.
set -euo pipefail

environment="$RUNNER_TEMP/chatkit-doctor"
# Isolated: in the checkout, a module of its own could take the place of one that Python means.
"$PYTHON" -I -m venv "$environment"
bin="$environment/bin"
if [ ! -d "$bin" ]; then
  bin="$environment/Scripts" # on Windows
fi

release=${VERSION:+chatkit-doctor==$VERSION}
"$bin/python" -I -m pip install --quiet --disable-pip-version-check "${release:-$GITHUB_ACTION_PATH}"
echo "command=$bin/chatkit-doctor" >>"$GITHUB_OUTPUT"
