#!/usr/bin/env bash
# A step of action.yml: scans, or mends, and reports in the log, in the job's summary and as SARIF.
#
# Reads COMMAND, PATHS (one a line), ARGS (words), FIX (true or false), FORMAT and RUNNER_TEMP.
# Puts out exit-code, sarif, changed and diff, and exits as the scan did.
set -euo pipefail

# GitHub takes 1 MiB for a step's summary, of which the report itself has at most half.
most_bytes_of_diff=400000

reports=$(mktemp -d "$RUNNER_TEMP/chatkit-doctor-reports-XXXXXX")
sarif="$reports/chatkit-doctor.sarif"
summary="$reports/summary.md"
diff="$reports/chatkit-doctor.patch"

paths=()
while IFS= read -r path; do
  if [ -n "$path" ]; then
    paths+=("$path")
  fi
done <<<"$PATHS"
# The bash of macOS takes an array without elements for an unset one.
paths=("${paths[@]:-.}")
read -r -d '' -a args <<<"$ARGS" || true
scan=("$COMMAND" scan "${args[@]+"${args[@]}"}")

# Runs a command; its exit code is in `code`, and ends nothing.
attempt() {
  code=0
  "$@" || code=$?
}

# Passes text on without what would end a line of the summary early, order it anew or not be seen.
seen() {
  LC_ALL=C sed $'s/\xe2\x80[\x8b-\x8f\xa8-\xae]/?/g; s/\xe2\x81[\xa0-\xaf]/?/g' | tr -d '\000-\010\013-\037\177'
}

case $FIX in
  true)
    attempt "${scan[@]}" --diff -- "${paths[@]}" >"$diff"
    if [ "$code" -le 1 ]; then
      scan+=(--fix)
    fi
    ;;
  false) ;;
  *)
    echo "::error::the input fix is true or false, not $FIX"
    exit 2
    ;;
esac

attempt "${scan[@]}" --format "$FORMAT" --output "sarif:$sarif" --output "markdown:$summary" -- "${paths[@]}"

if [ -f "$summary" ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -s "$diff" ]; then
  {
    # No line of a diff starts with a tilde, nor do many lines of code have ten.
    printf '\n### Diff\n\n~~~~~~~~~~diff\n'
    head -c "$most_bytes_of_diff" "$diff" | seen
    printf '\n~~~~~~~~~~\n'
    if [ "$(wc -c <"$diff")" -gt "$most_bytes_of_diff" ]; then
      printf '\nThe rest of the diff is left out: it would be too long.\n'
    fi
  } >>"$GITHUB_STEP_SUMMARY"
fi

{
  echo "exit-code=$code"
  echo "sarif=$([ ! -f "$sarif" ] || echo "$sarif")"
  echo "changed=$([ -s "$diff" ] && echo true || echo false)"
  echo "diff=$([ ! -f "$diff" ] || echo "$diff")"
} >>"$GITHUB_OUTPUT"
exit "$code"
