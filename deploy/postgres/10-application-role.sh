#!/bin/bash
# Run once by the postgres image, when the database is created. The role's rights are granted after each migration
# (manage.py grant_application_role); here it can only sign in.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --set=password="$APPLICATION_DATABASE_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE cpconf_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'password';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
