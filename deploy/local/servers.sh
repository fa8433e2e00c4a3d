#!/usr/bin/env bash
# Private PostgreSQL, RabbitMQ and Redis on free loopback ports, for developers, tests and checks alike.
#
#   servers.sh start                  start the shared set and keep it until `stop`; prints exports to eval
#   servers.sh stop                   stop the set and forget its data
#   servers.sh status                 what runs; exit code 1 when something does not
#   servers.sh env                    the addresses of a running set, as NAME=VALUE
#   servers.sh lease PID              start if needed and keep running while PID lives; prints NAME=VALUE
#   servers.sh run -- COMMAND...      a set of its own around one command
#   servers.sh space NAME             an empty database, virtual host and Redis number; prints NAME=VALUE
#   servers.sh drop NAME              forget them
#   servers.sh signal SERVER SIGNAL   fault injection: KILL, STOP, CONT to postgres, rabbitmq or redis
#   servers.sh revive SERVER          start a killed server again on its port and data
#   servers.sh watch PARENT CHILD     kill process CHILD once process PARENT is gone
#
# --dir DIR before the command names another set than the shared one; --tls makes a new set speak TLS as well, with a certificate
# of the authority in DIR/tls/ca.pem. Nothing outside DIR is touched, the
# well-known ports are never used, and a guard stops the set once nobody holds a lease on it.
set -euo pipefail
export LC_ALL=C
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
self="$here/servers.sh"
ready_s=${ECUSTOMS_SERVERS_READY_S:-120}
grace_s=${ECUSTOMS_SERVERS_GRACE_S:-20}
servers=(postgres rabbitmq redis)

fail() { echo "servers: $*" >&2; exit 1; }

shared_dir() { echo "/var/tmp/ecustoms-servers-$(id -u)-$(cksum <<<"$root" | cut -d' ' -f1)"; }

# ---- processes --------------------------------------------------------------------------------------------

# A process is named by its id and start time, so that a reused id is not mistaken for it. Empty when gone.
birth() {
  local line state
  line=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${line##*) }"
  state=${fields[0]}
  [ "$state" = Z ] || [ "$state" = X ] || echo "${fields[19]}"
}

alive() { # SERVER
  local pid born
  read -r pid born 2>/dev/null <"$dir/$1.pid" || return 1
  [ -n "$born" ] && [ "$(birth "$pid")" = "$born" ]
}

as_user() { # USER COMMAND...: root steps down to the package's user, others run it themselves
  local user=$1
  shift
  if [ "$(id -u)" -eq 0 ] && getent passwd "$user" >/dev/null; then
    setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- "$@"
  else
    "$@"
  fi
}

spawn() { # SERVER USER COMMAND...: detached from terminal, session, lock and output of the caller
  local server=$1 user=$2 pid
  shift 2
  local as=()
  if [ "$(id -u)" -eq 0 ] && getent passwd "$user" >/dev/null; then
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --)
  fi
  setsid -- "${as[@]}" "$@" </dev/null >>"$dir/$server.log" 2>&1 9>&- &
  pid=$!
  echo "$pid $(birth "$pid")" >"$dir/$server.pid"
}

end_process() { # SERVER SIGNAL: asks, then insists after 10 s
  local pid _ tries=0
  alive "$1" || return 0
  read -r pid _ <"$dir/$1.pid"
  kill -CONT "$pid" 2>/dev/null || true
  kill "-$2" "$pid" 2>/dev/null || true
  while alive "$1"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # below the range the kernel gives to outgoing connections
  local port
  while :; do
    port=$((10240 + (RANDOM * 32768 + RANDOM) % 20000))
    listens "$port" || { echo "$port"; return; }
  done
}

secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# An authority of this set, and a certificate of it for each server.
tls_make() {
  local server
  mkdir -p "$dir/tls"
  (
    cd "$dir/tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=servers of one set" \
      -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.pem
    printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n' >server.ext
    for server in "${servers[@]}"; do
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$server" -keyout "$server.key" -out "$server.csr"
      openssl x509 -req -in "$server.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile server.ext -out "$server.pem"
      chmod 600 "$server.key"
      own "$server" "$server.key"
    done
  ) >"$dir/tls.log" 2>&1 || fail "no certificates: $(tail -n 3 "$dir/tls.log")"
}

# ---- the three servers ------------------------------------------------------------------------------------

postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$newest" ] || newest=$(command -v initdb) || fail "PostgreSQL is not installed; see deploy/local/install-packages.sh"
  dirname "$(readlink -f "$newest")"
}

postgres_make() {
  local bin
  bin=$(postgres_bin)
  mkdir -p "$dir/postgres"
  echo "$password" >"$dir/postgres/password"
  own postgres "$dir/postgres"
  as_user postgres "$bin/initdb" --pgdata="$dir/postgres/data" --username=ecustoms --pwfile="$dir/postgres/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir/postgres.log" 2>&1 ||
    fail "initdb failed: $(tail -n 3 "$dir/postgres.log")"
}

postgres_spawn() {
  local tls=()
  [ ! -e "$dir/tls" ] || tls=(-c ssl=on -c "ssl_cert_file=$dir/tls/postgres.pem" -c "ssl_key_file=$dir/tls/postgres.key")
  spawn postgres postgres "$(postgres_bin)/postgres" -D "$dir/postgres/data" -p "$1" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB \
    -c fsync=on -c synchronous_commit=on -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=1GB \
    -c jit=off -c timezone=UTC -c log_timezone=UTC -c dynamic_shared_memory_type=mmap "${tls[@]}"
}

postgres_ready() { "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p "$1" -t 1; }

postgres_url() { echo "ECUSTOMS_POSTGRES_URL=postgres://ecustoms:$password@127.0.0.1:$1/postgres"; }

rabbitmq_script() {
  local script=/usr/lib/rabbitmq/bin/rabbitmq-server
  [ -x "$script" ] || fail "RabbitMQ is not installed; see deploy/local/install-packages.sh"
  echo "$script"
}

rabbitmq_make() {
  local home=$dir/rabbitmq
  mkdir -p "$home/mnesia" "$home/log" "$home/generated" "$home/schema"
  (umask 077 && secret >"$home/.erlang.cookie")
  echo '[rabbitmq_management].' >"$home/enabled_plugins"
  printf '%s %s %s\n' "$(free_port)" "$(free_port)" "$(free_port)" >"$home/ports"
  cat >"$home/rabbitmq.conf" <<CONF
default_user = ecustoms
default_pass = $password
loopback_users = none
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 64MB
raft.wal_max_size_bytes = 67108864
log.file.level = warning
management_agent.disable_metrics_collector = true
management.tcp.ip = 127.0.0.1
management.tcp.port = $(cut -d' ' -f3 "$home/ports")
CONF
  if [ -e "$dir/tls" ]; then
    free_port >"$dir/rabbitmq.tls-port"
    cat >>"$home/rabbitmq.conf" <<CONF
listeners.ssl.1 = 127.0.0.1:$(cat "$dir/rabbitmq.tls-port")
ssl_options.cacertfile = $dir/tls/ca.pem
ssl_options.certfile = $dir/tls/rabbitmq.pem
ssl_options.keyfile = $dir/tls/rabbitmq.key
CONF
  fi
  own rabbitmq "$home"
}

rabbitmq_spawn() {
  local home=$dir/rabbitmq epmd dist script _
  read -r epmd dist _ <"$home/ports"
  script=$(rabbitmq_script)
  # The node's name service runs on a port of its own: the machine's is neither needed nor disturbed.
  alive epmd || spawn epmd rabbitmq env ERL_EPMD_ADDRESS=127.0.0.1 epmd -port "$epmd"
  until listens "$epmd"; do alive epmd || return 0; sleep 0.1; done
  spawn rabbitmq rabbitmq env -i PATH="$PATH" LANG=C.UTF-8 LC_ALL=C.UTF-8 HOME="$home" \
    ERL_EPMD_PORT="$epmd" ERL_EPMD_ADDRESS=127.0.0.1 ERL_CRASH_DUMP_SECONDS=0 \
    ERL_MAX_PORTS=8192 RABBITMQ_MAX_NUMBER_OF_PROCESSES=262144 \
    RUNNING_UNDER_SYSTEMD=true RABBITMQ_NODENAME=ecustoms@localhost RABBITMQ_DIST_PORT="$dist" \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$1" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +A 8 -kernel inet_dist_use_interface {127,0,0,1}" \
    RABBITMQ_CONF_ENV_FILE="$home/none" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" \
    RABBITMQ_ADVANCED_CONFIG_FILE="$home/none.config" RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" \
    RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" RABBITMQ_SCHEMA_DIR="$home/schema" \
    RABBITMQ_GENERATED_CONFIG_DIR="$home/generated" RABBITMQ_PID_FILE="$home/pid" "$script"
}

# A broker that is up answers the protocol header with a method frame.
rabbitmq_ready() { [ "$(ask "$1" 'AMQP\x00\x00\x09\x01' 1 | od -An -tx1 | tr -d ' ')" = 01 ]; }

rabbitmq_url() { echo "ECUSTOMS_RABBITMQ_URL=amqp://ecustoms:$password@127.0.0.1:$1/%2f"; }

redis_make() {
  mkdir -p "$dir/redis"
  own redis "$dir/redis"
  [ ! -e "$dir/tls" ] || free_port >"$dir/redis.tls-port"
}

redis_spawn() {
  local binary
  binary=$(command -v redis-server) || fail "Redis is not installed; see deploy/local/install-packages.sh"
  local tls=()
  [ ! -e "$dir/tls" ] || tls=(--tls-port "$(cat "$dir/redis.tls-port")" --tls-cert-file "$dir/tls/redis.pem"
    --tls-key-file "$dir/tls/redis.key" --tls-ca-cert-file "$dir/tls/ca.pem" --tls-auth-clients no)
  spawn redis redis "$binary" "${tls[@]}" --port "$1" --bind 127.0.0.1 --requirepass "$password" --save '' --appendonly no \
    --dir "$dir/redis" --databases 1024 --daemonize no
}

redis_ready() { [ "$(ask "$1" 'PING\r\n' 1)" = - ]; }

redis_url() { echo "ECUSTOMS_REDIS_URL=redis://:$password@127.0.0.1:$1/0"; }

own() { # USER PATH
  if [ "$(id -u)" -eq 0 ] && getent passwd "$1" >/dev/null; then chown -R "$1" "$2"; fi
}

ask() { # PORT TEXT BYTES: what a server says first
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "$2" >&3 && timeout 2 head -c "$3" <&3
  ) 2>/dev/null | tr -d '\0' || true
}

await_ready() { # SERVER PORT
  local deadline=$((SECONDS + ready_s))
  until "$1_ready" "$2"; do
    alive "$1" || return 1
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

start_one() { # SERVER: three tries, as somebody else may take the port in between
  local server=$1 port try
  "${server}_make"
  for try in 1 2 3; do
    port=$(free_port)
    "${server}_spawn" "$port"
    if await_ready "$server" "$port"; then
      echo "$port" >"$dir/$server.port"
      return 0
    fi
    end_process "$server" KILL
  done
  fail "$server did not become ready: $(tail -n 5 "$dir/$server.log" 2>/dev/null)"
}

# ---- a set ------------------------------------------------------------------------------------------------

locked() { # COMMAND...: one at a time per set; servers and guard do not inherit the lock
  [ ! -e "$dir" ] || [ -O "$dir" ] || fail "$dir belongs to somebody else"
  exec 9>"$dir.lock"
  flock 9
  "$@"
  exec 9>&-
}

whole() {
  local server
  for server in "${servers[@]}"; do alive "$server" || return 1; done
  [ -s "$dir/env" ]
}

start_all() {
  whole && return 0
  stop_all
  mkdir -p "$dir/leases"
  password=$(secret)
  (umask 077 && echo "$password" >"$dir/password")
  [ -z "$with_tls" ] || tls_make
  local server jobs=() job
  for server in "${servers[@]}"; do
    start_one "$server" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do
    if ! wait "$job"; then
      wait "${jobs[@]}" || true
      stop_all
      fail "not all servers started"
    fi
  done
  (
    umask 077
    {
      echo "ECUSTOMS_SERVERS_DIR=$dir"
      for server in "${servers[@]}"; do "${server}_url" "$(cat "$dir/$server.port")"; done
    } >"$dir/env"
  )
  setsid -- "$self" --dir "$dir" guard </dev/null >"$dir/guard.log" 2>&1 9>&- &
}

stop_all() {
  [ -d "$dir" ] || return 0
  rm -f "$dir/env"
  local server stopping=()
  end_process postgres INT &
  stopping+=($!)
  end_process rabbitmq TERM &
  stopping+=($!)
  end_process redis TERM &
  stopping+=($!)
  wait "${stopping[@]}"
  end_process epmd TERM
  for server in "${servers[@]}"; do ! alive "$server" || fail "$server does not stop"; done
  rm -rf -- "$dir"
}

take_lease() { # PID
  start_all
  mkdir -p "$dir/leases"
  : >"$dir/leases/$1.$(birth "$1")"
}

leased() {
  local lease name
  for lease in "$dir"/leases/*; do
    [ -e "$lease" ] || return 1
    name=$(basename "$lease")
    [ "$name" != kept ] || return 0
    if [ "$(birth "${name%%.*}")" = "${name##*.}" ]; then return 0; fi
    rm -f "$lease"
  done
  return 1
}

guard() {
  local idle=0
  while [ -d "$dir" ]; do
    if leased; then idle=0; else idle=$((idle + 1)); fi
    if [ $idle -gt "$grace_s" ]; then
      locked stop_unless_leased
      idle=0
    fi
    sleep 1
  done
  [ "$dir" = "$(shared_dir)" ] || rm -f "$dir.lock"
}

stop_unless_leased() { leased || stop_all; }

keep() {
  start_all
  : >"$dir/leases/kept"
}

run() {
  dir=$(mktemp -d /var/tmp/ecustoms-servers.XXXXXX)
  chmod 755 "$dir"
  export ECUSTOMS_SERVERS_GRACE_S=5
  trap 'locked stop_all; rm -f "$dir.lock"' EXIT
  trap 'exit 130' INT TERM
  locked take_lease $$
  set -a
  # shellcheck disable=SC1091
  . "$dir/env"
  set +a
  "$@"
}

# ---- spaces: many tests on one set --------------------------------------------------------------------------

load() {
  whole || fail "no servers run in $dir"
  password=$(cat "$dir/password")
}

psql_run() {
  PGPASSWORD=$password "$(postgres_bin)/psql" -h 127.0.0.1 -p "$(cat "$dir/postgres.port")" -U ecustoms -d postgres \
    -qAtX -v ON_ERROR_STOP=1 -c "$1"
}

vhost() { # METHOD NAME: the broker's administration port, HTTP by hand so that no client is needed
  local port basic answer
  port=$(cut -d' ' -f3 "$dir/rabbitmq/ports")
  basic=$(printf 'ecustoms:%s' "$password" | base64 -w0)
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf '%s /api/vhosts/%s HTTP/1.1\r\nhost: localhost\r\nauthorization: Basic %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n' \
    "$1" "$2" "$basic" >&3
  answer=$(head -n 1 <&3)
  exec 3>&- 3<&-
  case "$answer" in *" 201 "* | *" 204 "*) ;; *" 404 "*) [ "$1" = DELETE ] ;; *) fail "virtual host $2: $answer" ;; esac
}

named() { [[ "$1" =~ ^[a-z][a-z0-9_]{0,47}$ ]] || fail "a space is named by lower-case letters, digits and _: '$1'"; }

next_number() {
  local number=0
  [ ! -e "$dir/numbers" ] || number=$(cat "$dir/numbers")
  number=$((number % 1023 + 1))
  echo "$number" >"$dir/numbers"
}

space() {
  local number base
  named "$1"
  load
  locked next_number
  number=$(cat "$dir/numbers")
  psql_run "create database $1"
  vhost PUT "$1"
  base="127.0.0.1:$(cat "$dir/redis.port")"
  printf 'ECUSTOMS_POSTGRES_URL=postgres://ecustoms:%s@127.0.0.1:%s/%s\n' "$password" "$(cat "$dir/postgres.port")" "$1"
  printf 'ECUSTOMS_RABBITMQ_URL=amqp://ecustoms:%s@127.0.0.1:%s/%s\n' "$password" "$(cat "$dir/rabbitmq.port")" "$1"
  printf 'ECUSTOMS_REDIS_URL=redis://:%s@%s/%s\n' "$password" "$base" "$number"
}

drop() {
  named "$1"
  load
  psql_run "drop database if exists $1 with (force)"
  vhost DELETE "$1"
}

server_named() {
  case "$1" in postgres | rabbitmq | redis) ;; *) fail "no server '$1' (postgres, rabbitmq, redis)" ;; esac
}

send_signal() {
  local pid _
  server_named "$1"
  alive "$1" || fail "$1 does not run"
  read -r pid _ <"$dir/$1.pid"
  kill "-$2" "$pid"
  [ "$2" != KILL ] || while alive "$1"; do sleep 0.05; done
}

revive() {
  server_named "$1"
  password=$(cat "$dir/password")
  if ! alive "$1"; then
    # A killed postmaster that nobody has reaped yet still looks alive to the next one.
    [ "$1" != postgres ] || rm -f "$dir/postgres/data/postmaster.pid"
    "$1_spawn" "$(cat "$dir/$1.port")"
  fi
  await_ready "$1" "$(cat "$dir/$1.port")" || fail "$1 did not come back: $(tail -n 5 "$dir/$1.log")"
}

outlive() { # PARENT BORN CHILD BORN
  while [ "$(birth "$3")" = "$4" ]; do
    if [ "$(birth "$1")" != "$2" ]; then
      kill -KILL "$3" 2>/dev/null || true
      return
    fi
    sleep 1
  done
}

watch() { # PARENT CHILD
  local parent child
  parent=$(birth "$1")
  child=$(birth "$2")
  [ -n "$child" ] || return 0
  setsid -- "$self" outlive "$1" "${parent:-gone}" "$2" "$child" </dev/null >/dev/null 2>&1 &
}

status() {
  local server rc=0
  for server in "${servers[@]}"; do
    if alive "$server"; then echo "$server: port $(cat "$dir/$server.port" 2>/dev/null || echo '?')"; else
      echo "$server: not running"
      rc=1
    fi
  done
  return $rc
}

dir=$(shared_dir)
with_tls=
if [ "${1:-}" = --dir ]; then
  [ $# -ge 3 ] || fail "--dir needs a directory and a command"
  dir=$2
  shift 2
fi
if [ "${1:-}" = --tls ]; then
  with_tls=yes
  shift
fi
command=${1:-help}
[ $# -eq 0 ] || shift
case "$command" in
  start) locked keep && sed "s/^\([A-Z_]*\)=\(.*\)/export \1='\2'/" "$dir/env" ;;
  stop) locked stop_all ;;
  status) status ;;
  env) whole || fail "no servers run in $dir"; cat "$dir/env" ;;
  lease) [ -n "$(birth "${1:-0}")" ] || fail "lease needs the id of a living process"; locked take_lease "$1" && cat "$dir/env" ;;
  run) [ "${1:-}" = -- ] && shift; [ $# -gt 0 ] || fail "run needs a command"; run "$@" ;;
  space) space "${1:-}" ;;
  drop) drop "${1:-}" ;;
  signal) send_signal "${1:-}" "${2:-TERM}" ;;
  revive) revive "${1:-}" ;;
  watch) watch "${1:-0}" "${2:-0}" ;;
  outlive) outlive "$@" ;;
  guard) guard ;;
  *) sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$self" ;;
esac
