#!/usr/bin/env bash
# Rolls one app out on the machine that runs the compose file beside this script:
#
#   ./deploy.sh APP IMAGE      (APP: api, gateway, worker or portal; IMAGE with its digest, name@sha256:…)
#
# Pulls the image, migrates with it, replaces the app's container, and waits until it is ready. If it is not, the image before comes back
# and the exit code is 1: an older version runs on a newer schema. As the forced command of an SSH key it takes both words from the client.
set -euo pipefail
cd "$(dirname "$0")"

ready_seconds=120
if [[ $# -eq 0 ]]; then
  read -r -a words <<<"${SSH_ORIGINAL_COMMAND:-}"
  set -- "${words[@]}"
fi
app=${1:-}
image=${2:-}
if [[ $# -ne 2 || ! $app =~ ^(api|gateway|worker|portal)$ || ! $image =~ ^[A-Za-z0-9][A-Za-z0-9._:/-]*@sha256:[0-9a-f]{64}$ ]]; then
  echo 'usage: deploy.sh api|gateway|worker|portal NAME@sha256:DIGEST' >&2
  exit 2
fi

# Apps from before the second wall see no rows behind it: that step is taken by hand, with all of them stopped.
if ! grep -q '^APP_DATABASE_PASSWORD=.' .env; then
  echo 'APP_DATABASE_PASSWORD is missing in .env: see "From one database account to two" in docs/guides/operators.md.' >&2
  exit 2
fi

# One deployment at a time: all of them change .env.
exec 9>.deploy.lock
flock 9

value() { sed -n "s/^$1=//p" .env | tail -n 1; }
# Whole or not at all, and for its owner alone.
set_value() {
  (umask 077 && awk -v name="$1" -v value="$2" 'index($0, name "=") != 1 { print } END { print name "=" value }' .env >.env.new)
  mv .env.new .env
}
roll_out() {
  set_value "$variable" "$1"
  docker compose up --detach --no-deps --wait --wait-timeout "$ready_seconds" "$app"
}

variable=${app^^}_IMAGE
before=$(value "$variable")
docker pull --quiet "$image"
if [[ $app != portal ]]; then
  MIGRATE_IMAGE=$image docker compose run --rm --no-deps -T migrate
  set_value MIGRATE_IMAGE "$image"
fi
if roll_out "$image"; then
  echo "$app runs $image"
  exit 0
fi
docker compose logs --no-color --tail 50 "$app" >&2 || true
if [[ -z $before ]]; then
  echo "$app did not become ready, and there is no image before this one." >&2
elif roll_out "$before"; then
  echo "$app did not become ready: $before runs again." >&2
else
  echo "$app did not become ready, and neither did $before." >&2
fi
exit 1
