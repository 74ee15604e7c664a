#!/bin/sh
# First start of the database server: one database per context, owned by a role of its own, closed to the others.
# Reads PASS_DATABASE_PASSWORD_<CONTEXT>; nothing is made when one of them is missing. What stopped halfway is
# seen by the server's health check, which asks the last database made.
set -eu

contexts="identity catalog booking finance"
variable_of() { echo "PASS_DATABASE_PASSWORD_$(echo "$1" | tr '[:lower:]' '[:upper:]')"; }

for context in $contexts; do
    [ -n "$(printenv "$(variable_of "$context")")" ] || { echo "$(variable_of "$context") is not set" >&2; exit 1; }
done
for context in $contexts; do
    psql -X -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        -v context="$context" -v password="$(printenv "$(variable_of "$context")")" <<'SQL'
CREATE ROLE :"context" LOGIN PASSWORD :'password';
CREATE DATABASE :"context" OWNER :"context";
REVOKE CONNECT ON DATABASE :"context" FROM PUBLIC;
SQL
done
