#!/bin/sh
# Makes the service's two roles and its database, once, when the official PostgreSQL image sets up an empty volume.
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"
# The passwords go in by standard input, so that they show in no list of processes.
{
    printf '%s\n' "\\set owner_password \`printenv OWNER_PASSWORD\`" "\\set app_password \`printenv APP_PASSWORD\`"
    cat "${ROLES_FILE:-/docker/roles.sql}"
} | psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname template1
