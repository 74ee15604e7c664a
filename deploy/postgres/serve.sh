#!/bin/sh
# Starts the server of the image with inner TLS; what follows are the arguments that the image takes.
set -eu

take-certificates.sh
shown=/run/pass-inner-tls
exec docker-entrypoint.sh "$@" -c ssl=on -c ssl_min_protocol_version=TLSv1.3 \
    -c ssl_cert_file=$shown/own.pem -c ssl_key_file=$shown/own.pem -c ssl_ca_file=$shown/authority.pem \
    -c hba_file=/etc/postgresql/pg_hba.conf
