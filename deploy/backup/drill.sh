#!/usr/bin/env bash
# The restore drill: a suite is backed up and logged, lost with all its servers, and brought back to a point in time.
#   drill.sh [PROGRAM]     target/debug/ecustoms unless named, built first
# Everything is private: PostgreSQL, RabbitMQ and Redis on free ports below /var/tmp, a suite with the demo nation on them.
# One movement is lodged while nobody takes notices from the broker, another while the broker stands still: at the point in
# time the broker alone has the one's notices, the other's messages wait, and sagas are under way. Then everything goes on,
# and is lost. What comes back must be, to the row, what was there at the point in time; on it a suite with an empty broker
# and an empty cache must finish what was under way, agree with itself, and go on working.
# Exit status 0 if all of it holds. Ends with the figures: what was lost (RPO) and how long it took (RTO).
set -euo pipefail
export LC_ALL=C
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
servers=$root/deploy/local/servers.sh
# How long one thing may take that is to come.
patience_s=90

if [ "${1:-}" != --inside ]; then
  program=${1:-}
  if [ -z "$program" ]; then
    (cd "$root" && cargo build --quiet --locked --bin ecustoms)
    program=${CARGO_TARGET_DIR:-$root/target}/debug/ecustoms
  fi
  program=$(readlink -f "$program") && [ -x "$program" ] || { echo "drill: there is no program $1" >&2; exit 2; }
  exec "$servers" run -- "$here/drill.sh" --inside "$program"
fi
program=$2
set_dir=$ECUSTOMS_SERVERS_DIR
# What `run` has told of its own database is not meant for the suite.
unset ECUSTOMS_POSTGRES_URL ECUSTOMS_RABBITMQ_URL ECUSTOMS_REDIS_URL

work=$(mktemp -d /var/tmp/ecustoms-drill.XXXXXX)
chmod 755 "$work"
pids=()
began=$(date +%s%N)

cleanup() {
  local status=$?
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ $status -eq 0 ]; then rm -rf -- "$work"; else echo "drill: FAILED; what there is to look at lies in $work" >&2; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() { echo "drill: $*" >&2; exit 1; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
say() { printf '%8.3f s  %s\n' "$((($(date +%s%N) - began) / 1000000))e-3" "$*"; }

until_so() { # WHAT COMMAND...: looks again and again until the command succeeds
  local what=$1 deadline=$((SECONDS + patience_s))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || fail "in vain: $what"
    sleep 0.05
  done
}

# ---- PostgreSQL: two servers of our own, for the set's keeps no log from which to restore -------------------------

postgres_bin=$(dirname "$(readlink -f "$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)")")
[ -x "$postgres_bin/initdb" ] || fail "PostgreSQL is not installed; see deploy/local/install-packages.sh"

# Steps down where this is root, which PostgreSQL does not run as.
as_postgres=()
[ "$(id -u)" -ne 0 ] || as_postgres=(setpriv --reuid=postgres "--regid=$(id -g postgres)" --clear-groups --)
as_postgres() { "${as_postgres[@]}" "$@"; }

folder() { # DIR: for PostgreSQL
  mkdir -p "$1"
  chmod 700 "$1"
  [ "$(id -u)" -ne 0 ] || chown postgres "$1"
}

free_port() {
  local port
  while :; do
    port=$((10240 + (RANDOM * 32768 + RANDOM) % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

postgres() { # NAME PORT OPTION...: starts the server in $work/NAME; its process is the last of pids
  local name=$1 port=$2
  shift 2
  "${as_postgres[@]}" "$postgres_bin/postgres" -D "$work/$name" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB -c jit=off -c timezone=UTC \
    -c dynamic_shared_memory_type=mmap "$@" >"$work/$name.log" 2>&1 </dev/null &
  pids+=($!)
}

address() { echo "postgres://ecustoms:$password@127.0.0.1:$1/$2"; }
ask() { "$postgres_bin/psql" --no-psqlrc --tuples-only --no-align --quiet --set ON_ERROR_STOP=1 --dbname "$database" "$@"; }
says() { [ "$(ask --command "$1" 2>/dev/null)" = "$2" ]; } # SQL ANSWER

# Every row of every table, table by table: equal texts are equal databases. Connections of the suite are in none.
content() {
  ask --command "SELECT format('SELECT %L, COUNT(*), md5(COALESCE(string_agg(t::text, E''\n'' ORDER BY t::text), '''')) FROM %I.%I t;', schemaname || '.' || tablename, schemaname, tablename)
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1" >"$work/content.sql"
  { echo 'BEGIN ISOLATION LEVEL REPEATABLE READ;'; cat "$work/content.sql"; echo 'COMMIT;'; } | ask
}

# ---- the suite -------------------------------------------------------------------------------------------------------

told() { # what the program is told: on which servers it is
  echo "ECUSTOMS_DATA_DIR=$work/installation"
  echo "ECUSTOMS_SECRET_FILE=$work/installation/secret"
  echo "ECUSTOMS_POSTGRES_URL=$database"
  echo "ECUSTOMS_RABBITMQ_URL=$broker"
  echo "ECUSTOMS_REDIS_URL=$cache"
  echo "ECUSTOMS_PUBLIC_URL=http://127.0.0.1:$port"
  echo "ECUSTOMS_SERVICES__NOTIFICATIONS=http://127.0.0.1:$notices_port"
}
ecustoms() { # ARGUMENT...
  local variables
  mapfile -t variables < <(told)
  env "${variables[@]}" "$program" "$@"
}

start() { # NAME PORT ARGUMENT...: starts the program as a process of the suite, the last of pids, and waits until it is ready
  local name=$1 at=$2 variables
  shift 2
  mapfile -t variables < <(told)
  env "${variables[@]}" "$program" "$@" --demo --listen "127.0.0.1:$at" >"$work/$name.log" 2>&1 </dev/null &
  pids+=($!)
  until_so "it is ready, see $work/$name.log" is_ready "$at"
}

http() { # PORT METHOD PATH [TOKEN]: the answer, without its head; by hand, so that no client is needed
  local authorization=${4:+$'\r\n'"Authorization: Bearer $4"}
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\nIdempotency-Key: %s\r\nContent-Type: application/json\r\nContent-Length: 2%s\r\n\r\n{}' \
    "$2" "$3" "$1" "$(cat /proc/sys/kernel/random/uuid)" "$authorization" >&3
  sed -e '1,/^\r$/d' <&3
  exec 3<&- 3>&-
}
is_ready() { [[ "$(http "$1" GET /readyz 2>/dev/null)" = *'"ready"'* ]]; } # PORT

space() { # NAME: an empty virtual host of the broker and an empty cache
  local told
  told=$("$servers" --dir "$set_dir" space "$1")
  broker=$(sed -n 's/^ECUSTOMS_RABBITMQ_URL=//p' <<<"$told")
  cache=$(sed -n 's/^ECUSTOMS_REDIS_URL=//p' <<<"$told")
}

play() { # NAME: the main job, by an outside client
  "$program" demo transit --url "http://127.0.0.1:$port" >"$work/$1.transcript" 2>&1
}

# ---- what is to be lost -----------------------------------------------------------------------------------------------

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && echo "$password" >"$work/password")
[ "$(id -u)" -ne 0 ] || chown postgres "$work/password"
for name in first archive base second; do folder "$work/$name"; done
as_postgres "$postgres_bin/initdb" --pgdata="$work/first" --username=ecustoms --pwfile="$work/password" \
  --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 ||
  fail "initdb failed: $(tail -n 3 "$work/initdb.log")"
first_port=$(free_port)
database=$(address "$first_port" postgres)
postgres first "$first_port" -c wal_level=replica -c archive_mode=on -c archive_timeout=2 \
  -c archive_command="cp %p $work/archive/.%f && mv $work/archive/.%f $work/archive/%f"
first_pid=${pids[-1]}
until_so "PostgreSQL answers" says 'SELECT 1' 1
ask --command 'CREATE DATABASE customs'
database=$(address "$first_port" customs)
space drill_before
port=$(free_port)
notices_port=$(free_port)
mkdir "$work/installation"
(umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$work/installation/secret")
ecustoms migrate >"$work/migrate.log" 2>&1 || fail "it cannot be migrated: $(tail -n 3 "$work/migrate.log")"
start notices "$notices_port" serve notifications
notices_pid=${pids[-1]}
start before "$port" serve gateway references web-broker guarantees declarations statistics
suite_pid=${pids[-1]}
say "a suite runs on PostgreSQL, RabbitMQ and Redis; the log of PostgreSQL is archived"

play first || fail "the main job fails before anything was lost, see $work/first.transcript"
say "the main job was played: $(ask --command 'SELECT COUNT(*) FROM declarations.movements') movements"

as_postgres "$postgres_bin/pg_basebackup" --dbname="$(address "$first_port" postgres)" --pgdata="$work/base" \
  --checkpoint=fast --wal-method=none >"$work/basebackup.log" 2>&1 ||
  fail "the base backup failed: $(tail -n 3 "$work/basebackup.log")"
"$postgres_bin/pg_verifybackup" --quiet --no-parse-wal "$work/base" || fail "the base backup is damaged"
say "a base backup was taken while the suite ran: $(du -sm "$work/base" | cut -f1) MiB"

play second || fail "the main job fails beside the backup, see $work/second.transcript"
say "more was played, which is in the archived log only"

client() { # NAME: an outside client begins the main job and is held before it has lodged anything; the last of pids
  "$program" demo transit --url "http://127.0.0.1:$port" >"$work/$1.transcript" 2>&1 &
  pids+=($!)
  until_so "a client has begun, see $work/$1.transcript" grep -qs 'reads the month' "$work/$1.transcript"
  kill -STOP "${pids[-1]}"
}
lodge() { # NAME PID: the client goes on, until it has lodged a declaration; tells which, and holds it again
  kill -CONT "$2"
  until_so "a declaration is lodged, see $work/$1.transcript" lodged "$1"
  kill -STOP "$2"
  until_so "$lrn is kept" says "SELECT COUNT(*) FROM declarations.movements WHERE lrn = '$lrn'" 1
}
lodged() { lrn=$(sed -n 's/.*-> IE015 signed.* \(DEMO[0-9A-Z]*\)$/\1/p' "$work/$1.transcript" | head -n 1) && [ -n "$lrn" ]; }
state_of() { ask --command "SELECT state FROM declarations.movements WHERE lrn = '$1'"; } # LRN
# The client may have been quick: what matters is that the guarantees are held.
goes_on() { says "SELECT state NOT IN ('submitted', 'guarantee-under-registration') FROM declarations.movements WHERE lrn = '$1'" t; } # LRN
is_at() { says "SELECT state FROM declarations.movements WHERE lrn = '$1'" "$2"; } # LRN STATE

client third
third_pid=${pids[-1]}
client fourth
fourth_pid=${pids[-1]}
# Nobody takes notices: the broker alone has them.
kill -STOP "$notices_pid"
lodge third "$third_pid"
unnoticed=$lrn
until_so "$unnoticed goes on" goes_on "$unnoticed"
until_so "the broker has all of it" says 'SELECT COUNT(*) FROM declarations.outbox' 0
# The broker stands still: what is lodged now is kept, its messages wait, its saga is under way.
"$servers" --dir "$set_dir" signal rabbitmq STOP
lodge fourth "$fourth_pid"
until_so "its messages wait" says 'SELECT COUNT(*) > 0 FROM declarations.outbox' t

# The point in time: an instant at which nothing moves.
still() {
  content >"$work/before"
  sleep 0.2
  point=$(ask --command 'SELECT clock_timestamp()')
  sleep 0.2
  content >"$work/after"
  cmp -s "$work/before" "$work/after"
}
until_so "nothing moves any more" still
was_at=$(state_of "$unnoticed")
waiting=$(ask --command 'SELECT COUNT(*) FROM declarations.outbox')
say "the point in time is $point: $lrn is lodged, $waiting of its messages wait"
ECUSTOMS_POSTGRES_URL=$database "$here/backup.sh" "$work/dump" >"$work/dump.log" || fail "the backup fails, see $work/dump.log"

"$servers" --dir "$set_dir" signal rabbitmq CONT
kill -CONT "$notices_pid"
until_so "$lrn goes on" is_at "$lrn" awaiting-release
content >"$work/lost"
! cmp -s "$work/before" "$work/lost" || fail "nothing was done after the point in time"
last=$(ask --command 'SELECT pg_walfile_name(pg_current_wal_lsn())')
archived() { [ ! "$(ask --command 'SELECT last_archived_wal FROM pg_stat_archiver')" \< "$last" ]; }
until_so "the log is archived" archived
say "everything went on: $lrn awaits its release"

# ---- the disaster: processes, disks, broker and cache ------------------------------------------------------------------

disaster=$(now_ms)
kill -KILL "$suite_pid" "$notices_pid" "$first_pid"
wait "$suite_pid" "$notices_pid" "$first_pid" 2>/dev/null || true
"$servers" --dir "$set_dir" drop drill_before
rm -rf -- "${work:?}/first"
newest=$(find "$work/archive" -name '[0-9A-F]*' -printf '%T@\n' | sort -n | tail -n 1)
fraction=${newest#*.}
archive_ms=$((disaster - ${newest%.*} * 1000 - 10#${fraction:0:3}))
say "the suite, its database, its broker and its cache are gone"

# ---- coming back ---------------------------------------------------------------------------------------------------------

as_postgres cp -a "$work/base/." "$work/second/"
as_postgres tee -a "$work/second/postgresql.auto.conf" >/dev/null <<CONF
restore_command = 'cp $work/archive/%f %p'
recovery_target_time = '$point'
recovery_target_action = 'promote'
CONF
as_postgres touch "$work/second/recovery.signal"
second_port=$(free_port)
database=$(address "$second_port" customs)
postgres second "$second_port"
until_so "PostgreSQL has come to the point in time, see $work/second.log" says 'SELECT pg_is_in_recovery()' f
database_ms=$(($(now_ms) - disaster))
content >"$work/restored"
diff "$work/before" "$work/restored" >"$work/difference" || fail "what came back is not what was there: $(head -n 3 "$work/difference")"
say "the database is back, to the row what it was: $(wc -l <"$work/restored") tables"

missing=$(ask --command "SELECT COUNT(*) FROM declarations.movement_messages m WHERE m.direction = 'issued'
  AND NOT EXISTS (SELECT 1 FROM notifications.entries e WHERE e.message = m.id AND e.owner = m.party)")
[ "$missing" -gt 0 ] || fail "the broker had nothing that it could lose"
space drill_after
ecustoms migrate >"$work/migrate.log" 2>&1 || fail "it cannot be migrated: $(tail -n 3 "$work/migrate.log")"
# The clock of the demo nation is ahead of this one: all that is kept is told again.
ecustoms bus tell-again --since 1970-01-01T00:00:00Z >"$work/told" || fail "nothing can be told again"
start after "$port" up
ready_ms=$(($(now_ms) - disaster))
say "a suite is ready on it, with an empty broker and an empty cache; $missing messages are in no box yet, and told again"

until_so "$lrn goes on" is_at "$lrn" awaiting-release
consistent() { [ -z "$(ask --file "$here/consistent.sql" | tee "$work/breaks")" ]; }
until_so "the databases agree, see $work/breaks" consistent
settled_ms=$(($(now_ms) - disaster))
is_at "$unnoticed" "$was_at" || fail "$unnoticed is not where it was, $was_at"
say "$unnoticed is $was_at as it was, $lrn awaits its release; nothing waits, every message is in its box, and all databases agree"

token=$("$program" demo token --login administrator --url "http://127.0.0.1:$port")
guarantees=0
while read -r reference; do
  answer=$(http "$port" POST "/guarantees/$reference/reconciliation" "$token")
  [[ "$answer" = *'"balanced":true'* ]] || fail "the guarantee $reference does not add up: $answer"
  guarantees=$((guarantees + 1))
done < <(ask --command 'SELECT grn FROM guarantees.guarantees WHERE grn IS NOT NULL')
[ $guarantees -gt 0 ] || fail "there are no guarantees"
say "$guarantees guarantees are reconciled: balanced"

ask --command 'CREATE DATABASE dumped'
database=$(address "$second_port" dumped)
ECUSTOMS_POSTGRES_URL=$database "$here/restore.sh" "$work/dump" >"$work/dump.log" 2>&1 || fail "the backup cannot be restored: $(tail -n 3 "$work/dump.log")"
content >"$work/restored"
diff "$work/before" "$work/restored" >"$work/difference" || fail "the backup is not what was there: $(head -n 3 "$work/difference")"
! ECUSTOMS_POSTGRES_URL=$database "$here/restore.sh" "$work/dump" >/dev/null 2>&1 || fail "a backup is restored over a database in use"
database=$(address "$second_port" customs)
say "the backup of the same instant, in a database beside, is the same"

play again || fail "the main job fails on what came back, see $work/again.transcript"
until_so "the databases agree after new work, see $work/breaks" consistent
say "the main job was played on it"

seconds() { printf '%d.%03d s' $(($1 / 1000)) $(($1 % 1000)); }
cat <<FIGURES

what was committed before the point in time and is missing     nothing (RPO 0)
age of the newest archived log at the disaster                 $(seconds "$archive_ms") (RPO when all of it is restored)
from the disaster to the database                              $(seconds "$database_ms")
from the disaster to a suite that is ready                     $(seconds "$ready_ms") (RTO)
from the disaster until what was under way is done             $(seconds "$settled_ms")
FIGURES
