#!/bin/sh
# First start of the PostgreSQL container: two databases, each with an owner of its own, and the
# analyst. On a server of your own run the same statements with psql.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set app="$DYADRISK_DB_PASSWORD" --set prefect="$PREFECT_DB_PASSWORD" \
  --set analyst="$ANALYST_DB_PASSWORD" --file /etc/dyadrisk/roles.sql
