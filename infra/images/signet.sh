#!/bin/sh
# The command line in the api's image: `docker compose exec api signet setup`.
exec node /app/apps/cli/dist/main.js "$@"
