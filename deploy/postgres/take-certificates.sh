#!/bin/sh
# Shows from now on the certificate that is mounted; new connections see it, and none is ended. PostgreSQL takes no key
# that others may read, so it has a copy of its own.
set -eu

source=${PASS_INNER_TLS:-/etc/pass/inner-tls}
shown=/run/pass-inner-tls
install -d -o postgres -g postgres -m 0700 "$shown"
for file in own.pem authority.pem; do
    install -o postgres -g postgres -m 0600 "$source/$file" "$shown/$file.new"
    mv "$shown/$file.new" "$shown/$file"
done
# The server is the container's first process, once it runs.
[ "$(cat /proc/1/comm)" != postgres ] || kill -HUP 1
