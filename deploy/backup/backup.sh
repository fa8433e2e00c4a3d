#!/usr/bin/env bash
# Takes a backup of a distributed suite while it runs: one consistent picture of the whole database.
#   ECUSTOMS_POSTGRES_URL=postgres://... backup.sh FOLDER
# The broker and the cache need none: what matters waits in the outboxes. Keep the secret of the installation, the
# token key and the trust directory with it.
set -euo pipefail
umask 077
folder=$1
mkdir -p "$folder"
database=${ECUSTOMS_POSTGRES_URL:?set it to the address of the database}
pg_dump --format=custom --compress=6 --no-owner --no-privileges --file="$folder/database.part" "$database"
mv "$folder/database.part" "$folder/database.dump"
sha256sum "$folder/database.dump" | cut -d' ' -f1 >"$folder/database.sha256"
date --utc +%FT%TZ >"$folder/taken-at"
echo "backup: $(stat -c %s "$folder/database.dump") octets in $folder"
