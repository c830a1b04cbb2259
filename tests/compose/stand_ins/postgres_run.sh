#!/bin/sh
# As the image of PostgreSQL does: make the database at the first start, then serve it to the network, by password.
set -eu
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
    printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
    # shellcheck disable=SC2086 # several arguments
    initdb -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password -A scram-sha-256 $POSTGRES_INITDB_ARGS
    rm /tmp/password
    printf '\nhost all all all scram-sha-256\n' >> "$data/pg_hba.conf"
    pg_ctl -D "$data" -w -o "-c listen_addresses='' -c unix_socket_directories=/tmp" start
    PGPASSWORD=$POSTGRES_PASSWORD psql -h /tmp -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE $POSTGRES_DB"
    pg_ctl -D "$data" -w stop
fi
# podman gives a temporary file system the rights of Debian's folder below it, so the socket is not in /run/postgresql
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
