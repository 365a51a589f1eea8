#!/usr/bin/env bash
# Makes the database and the role of Signet, which is no superuser, when PostgreSQL makes its cluster.
set -euo pipefail
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres --set "password=$DATABASE_PASSWORD" <<'SQL'
create role signet login createrole password :'password';
create database signet owner signet;
SQL
