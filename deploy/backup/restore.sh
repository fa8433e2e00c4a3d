#!/usr/bin/env bash
# Restores a backup into an empty database; the suite must not run on it yet.
#   ECUSTOMS_POSTGRES_URL=postgres://... restore.sh FOLDER
# Afterwards: an empty broker, `ecustoms migrate`, `ecustoms bus tell-again`, then the suite; see docs/operate/backup.md.
set -euo pipefail
folder=$1
database=${ECUSTOMS_POSTGRES_URL:?set it to the address of the empty database}
[ "$(sha256sum "$folder/database.dump" | cut -d' ' -f1)" = "$(cat "$folder/database.sha256")" ] ||
  { echo "restore: the backup in $folder is damaged" >&2; exit 1; }
tables=$(psql --no-psqlrc --tuples-only --no-align --command \
  "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')" "$database")
[ "$tables" -eq 0 ] || { echo "restore: the database is not empty ($tables tables)" >&2; exit 1; }
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$database" "$folder/database.dump"
echo "restore: as of $(cat "$folder/taken-at")"
