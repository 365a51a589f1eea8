#!/usr/bin/env bash
# Makes the settings of an installation beside this file: .env with secrets of random bytes, and, where there is none, a self-signed
# certificate for the gateway. Never overwrites what is there.
#
#   ./make-env.sh PUBLIC_URL SMTP_URL IMAGES [TAG]
#   ./make-env.sh https://mail.example.org smtp://user:password@smtp.example.org:587 ghcr.io/example/signet 1.0.0
set -euo pipefail
cd "$(dirname "$0")"
umask 077

if [[ $# -lt 3 || $# -gt 4 ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
if [[ -e .env ]]; then
  echo 'There is a .env here already: change it by hand.' >&2
  exit 1
fi
public_url=$1
smtp_url=$2
images=$3
tag=${4:-latest}
key() { openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }
word() { openssl rand -hex 32; }

if [[ ! -e tls/certificate.pem ]]; then
  host=${public_url#*://}
  host=${host%%[:/]*}
  mkdir -p tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout tls/key.pem -out tls/certificate.pem 2>/dev/null
  # The folder keeps others out; the gateway's own user in its container reads the files.
  chmod 0644 tls/key.pem tls/certificate.pem
  echo "Made a self-signed certificate for $host in tls/: replace it before other machines send mail." >&2
fi

cat > .env.new <<END
PUBLIC_URL='$public_url'
SMTP_URL='$smtp_url'
API_IMAGE=$images-api:$tag
GATEWAY_IMAGE=$images-gateway:$tag
WORKER_IMAGE=$images-worker:$tag
PORTAL_IMAGE=$images-portal:$tag
MIGRATE_IMAGE=$images-api:$tag
POSTGRES_PASSWORD=$(word)
DATABASE_PASSWORD=$(word)
APP_DATABASE_PASSWORD=$(word)
RETENTION_DATABASE_PASSWORD=$(word)
PORTAL_SECRET=$(word)
PASSCODE_KEY=$(key)
LOOP_KEY=$(key)
END
mv .env.new .env
echo 'Made .env. Keep a copy of it and of the master key where the backups are not.' >&2
