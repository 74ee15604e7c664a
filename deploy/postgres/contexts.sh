#!/bin/sh
# First start of the database server: one database per context, owned by a role of its own, closed to the others.
# Reads PASS_DATABASE_PASSWORD_<CONTEXT>; nothing is made when one of them is missing.
set -eu

for context in identity catalog booking finance; do
    variable="PASS_DATABASE_PASSWORD_$(echo "$context" | tr '[:lower:]' '[:upper:]')"
    password=$(printenv "$variable") || { echo "$variable is not set" >&2; exit 1; }
    psql -X -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        -v context="$context" -v password="$password" <<'SQL'
CREATE ROLE :"context" LOGIN PASSWORD :'password';
CREATE DATABASE :"context" OWNER :"context";
REVOKE CONNECT ON DATABASE :"context" FROM PUBLIC;
SQL
done
