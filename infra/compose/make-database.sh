#!/usr/bin/env bash
# Makes the database of Signet and its three accounts, none a superuser, when PostgreSQL makes its cluster: signet migrates and owns the
# tables, signet_app is what api, gateway and worker sign in with, signet_retention what the worker removes audit entries with.
set -euo pipefail
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set "password=$DATABASE_PASSWORD" --set "app_password=$APP_DATABASE_PASSWORD" \
  --set "retention_password=$RETENTION_DATABASE_PASSWORD" <<'SQL'
create role signet login createrole password :'password';
create role signet_app login password :'app_password';
create role signet_retention login password :'retention_password';
create database signet owner signet;
SQL
