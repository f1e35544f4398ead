#!/bin/sh
# Copies one volume with rsync over mutual TLS, and proves the copy.
#
#   entrypoint.sh server                   receives: one rsync module per claim, behind stunnel
#   entrypoint.sh client [rsync option…]   sends one volume; compares afterwards when PROOF is set
#   entrypoint.sh verify [rsync option…]   compares only
#   entrypoint.sh idle                     keeps volumes mounted until it is told to end
#
# ROOT prefixes every path of the container; it is empty in a real one. Results are single lines that begin with
# "drover-result " and hold JSON, and at most MAX_DIFFERENCES lines that begin with "drover-differs ".
set -u

ROOT=${ROOT:-}
MODE=${1:-}
[ $# -gt 0 ] && shift

SECRETS=$ROOT/etc/transfer
DATA=$ROOT/data
RUN=$ROOT/tmp/transfer
PORT=${TRANSFER_PORT:-6443}
HOST=${TRANSFER_HOST:-}
# Where the server's name leads, on a machine whose resolver does not know it.
ADDRESS=${TRANSFER_ADDRESS:-$HOST:$PORT}
MODULE=${MODULE:-}
PROOF=${PROOF:-}
CONNECT_TIMEOUT=${CONNECT_TIMEOUT:-120}
# A server that comes up with this pod is there sooner; what takes longer is told, and told again.
TELL_EVERY=5
MAX_DIFFERENCES=${MAX_DIFFERENCES:-100}
# What the server's one-shot certificate is issued to, whatever address it is reached at.
SERVER_NAME=transfer-server
DIFFERS=90

children=
terminated=

on_term() {
  terminated=yes
  for child in $children; do kill -TERM "$child" 2>/dev/null || true; done
}
trap on_term TERM INT

# Waits until a child has ended, also when a signal interrupts the wait; returns its exit code.
await() {
  while :; do
    wait "$1"
    awaited=$?
    kill -0 "$1" 2>/dev/null || return $awaited
  done
}

fail() {
  echo "$2" >&2
  result failed "$1" "\"message\":\"$2\""
  exit "$1"
}

# result <word> <exit code> [more JSON members]
result() {
  printf 'drover-result {"result":"%s","exitCode":%d%s}\n' "$1" "$2" "${3:+,$3}"
}

explain() {
  case $1 in
    1) echo "rsync did not understand its options. Check the extra rsync options in the controller settings." ;;
    2) echo "The rsync versions of both ends do not understand each other. Use the same transfer image on both clusters." ;;
    3) echo "rsync could not open its source or destination directory. Check that the volume is mounted and readable." ;;
    5) echo "The server refused the transfer: wrong password or unknown volume. Start the migration again to get new credentials." ;;
    10) echo "The connection to the server broke or could not be made. Check the network path to the target cluster." ;;
    11) echo "Reading or writing a file failed. Look above for the path; the target volume may be full." ;;
    12) echo "The connection ended in the middle of the transfer. Check the network, and the log of the transfer server." ;;
    13) echo "rsync failed to report its diagnostics. Look at the lines above." ;;
    14) echo "The connection between the rsync processes broke. Check the memory limits of the transfer pods." ;;
    19 | 20 | 130 | 143) echo "The transfer was told to stop before it was finished." ;;
    21) echo "An rsync process ended unexpectedly. Check the memory limits of the transfer pods." ;;
    22) echo "rsync ran out of memory. Raise the memory limits of the transfer pods." ;;
    23) echo "Some files could not be copied. The lines above name them and say why; the copy is not complete." ;;
    24) echo "Some files vanished while they were copied. The application is still writing; stop it and copy again." ;;
    25) echo "rsync stopped deleting at its limit. The copy is not complete." ;;
    30) echo "No data came for too long. Check the network path to the target cluster." ;;
    35) echo "The server did not answer in time. Check the network path to the target cluster." ;;
    137) echo "The transfer was killed, most likely for lack of memory. Raise the memory limits of the transfer pods." ;;
    *) echo "rsync ended with exit code $1. Look at the lines above." ;;
  esac
}

prepare() {
  umask 077
  mkdir -p "$RUN" || fail 3 "The scratch directory /tmp cannot be written. Mount an emptyDir there."
  for file in ca.crt tls.crt tls.key password; do
    [ -s "$SECRETS/$file" ] || fail 3 "The Secret mounted at /etc/transfer lacks $file."
  done
  # stunnel wants a key nobody else can read; a Secret volume has its own modes.
  cat "$SECRETS/tls.key" >"$RUN/tls.key"
}

tls_settings() {
  cat <<CONF
foreground = yes
pid =
syslog = no
debug = ${STUNNEL_DEBUG:-4}
sslVersionMin = TLSv1.2
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
socket = l:SO_KEEPALIVE=1
socket = r:SO_KEEPALIVE=1
CONF
}

tls_identity() {
  cat <<CONF
cert = $SECRETS/tls.crt
key = $RUN/tls.key
CAfile = $SECRETS/ca.crt
verifyChain = yes
TIMEOUTclose = 1
CONF
}

serve() {
  prepare
  [ -n "${MODULES:-}" ] || fail 1 "MODULES names no volume to receive."
  printf 'drover:%s\n' "$(cat "$SECRETS/password")" >"$RUN/rsyncd.secrets"
  : >"$RUN/rsyncd.log"
  {
    cat <<CONF
log file = $RUN/rsyncd.log
reverse lookup = no
numeric ids = yes
munge symlinks = no
read only = no
list = no
timeout = ${IO_TIMEOUT:-600}
auth users = drover
secrets file = $RUN/rsyncd.secrets
CONF
    # Without these the daemon would give up root, and with it every owner.
    if [ "$(id -u)" = 0 ]; then printf 'uid = 0\ngid = 0\n'; fi
    for module in $MODULES; do
      [ -d "$DATA/$module" ] || fail 3 "The volume $module is not mounted at /data/$module." >&2
      printf '[%s]\npath = %s\n' "$module" "$DATA/$module"
    done
  } >"$RUN/rsyncd.conf"
  {
    tls_settings
    cat <<CONF
[transfer]
accept = ${POD_IP:+$POD_IP:}$PORT
exec = $(command -v rsync)
execArgs = rsync --server --daemon --config=$RUN/rsyncd.conf .
CONF
    tls_identity
  } >"$RUN/stunnel.conf"
  tail -n +1 -f "$RUN/rsyncd.log" &
  children="$children $!"
  stunnel "$RUN/stunnel.conf" &
  stunnel=$!
  children="$children $stunnel"
  await "$stunnel"
  code=$?
  on_term_was=$terminated
  on_term
  [ -n "$on_term_was" ] && exit 0
  fail "$code" "The TLS server ended with exit code $code. Look at the lines above."
}

# proxy_settings <host:port>: an HTTP proxy on the way, with optional basic authentication.
proxy_settings() {
  cat <<CONF
connect = $STUNNEL_TCP_PROXY
protocol = connect
protocolHost = $1
CONF
  [ -n "${STUNNEL_TCP_PROXY_USER:-}" ] && cat <<CONF
protocolUsername = $STUNNEL_TCP_PROXY_USER
protocolPassword = ${STUNNEL_TCP_PROXY_PASSWORD:-}
CONF
  return 0
}

prepare_client() {
  prepare
  [ -n "$HOST" ] || fail 1 "TRANSFER_HOST does not say where the server is."
  [ -n "$MODULE" ] || fail 1 "MODULE does not say which volume to send."
  [ -d "$DATA/$MODULE" ] || fail 3 "The volume $MODULE is not mounted at /data/$MODULE."
  cat "$SECRETS/password" >"$RUN/password"
  {
    tls_settings
    if [ -n "${STUNNEL_TCP_PROXY:-}" ]; then
      proxy_settings "$HOST:$PORT"
    else
      echo "connect = $ADDRESS"
    fi
    printf 'client = yes\nsni = %s\ncheckHost = %s\n' "$HOST" "$SERVER_NAME"
    tls_identity
  } >"$RUN/stunnel.conf"
  # rsync speaks to stunnel over a socket pair: no local port, and nothing to wait for.
  export RSYNC_CONNECT_PROG="exec stunnel '$RUN/stunnel.conf'"
}

# Behind stunnel the daemon has a stderr of its own, and rsync would write its errors there: the client would never
# hear of files that the server could not write, and report success.
rsync_checked() {
  exec rsync --stderr=client --password-file="$RUN/password" "$@"
}

remote() {
  echo "rsync://drover@$SERVER_NAME/$MODULE/"
}

# The server may come up a moment after this pod; anything but silence is a refusal and ends the waiting.
await_server() {
  deadline=$(($(date +%s) + CONNECT_TIMEOUT))
  tell_at=$(($(date +%s) + TELL_EVERY))
  while [ -z "$terminated" ]; do
    (rsync_checked --list-only --dirs --exclude='*' "$(remote)") >"$RUN/probe" 2>&1
    code=$?
    [ "$code" -eq 0 ] && return 0
    # A stream that ends here ended before anything was under way.
    [ "$code" -eq 12 ] && code=10
    if grep -q '@ERROR\|CERT\|certificate\|alert' "$RUN/probe" || [ "$(date +%s)" -ge "$deadline" ]; then
      cat "$RUN/probe" >&2
      fail "$code" "$(explain "$code")"
    fi
    if [ "$(date +%s)" -ge "$tell_at" ]; then
      echo "drover-waiting for the transfer server at $ADDRESS to answer. $(explain "$code")"
      tell_at=$(($(date +%s) + TELL_EVERY))
    fi
    sleep 0.2
  done
  fail 143 "$(explain 143)"
}

# number <label>: a figure of rsync's statistics, digits only.
number() {
  sed -n "s/^$1: \([0-9]*\).*/\1/p" "$RUN/statistics" | tail -n 1
}

copy() {
  rm -f "$RUN/output"
  mkfifo "$RUN/output" || fail 3 "The scratch directory /tmp cannot hold a pipe."
  : >"$RUN/statistics"
  # rsync separates progress by carriage returns; a log needs lines.
  stdbuf -oL tr '\r' '\n' <"$RUN/output" | tee "$RUN/statistics.all" &
  reader=$!
  rsync_checked "$@" --outbuf=L --no-human-readable \
    --info=progress2,stats2,name0 "$DATA/$MODULE/" "$(remote)" >"$RUN/output" &
  sender=$!
  children="$sender"
  await "$sender"
  code=$?
  children=
  await "$reader"
  grep '^[A-Z][a-z ]*: ' "$RUN/statistics.all" >"$RUN/statistics"
  [ -n "$terminated" ] && [ "$code" -ne 0 ] && code=143
  [ "$code" -eq 0 ] || fail "$code" "$(explain "$code")"
  result copied 0 "$(printf '"entries":%d,"bytes":%d,"copiedFiles":%d,"copiedBytes":%d' \
    "$(number 'Number of files')" "$(number 'Total file size')" \
    "$(number 'Number of regular files transferred')" "$(number 'Total transferred file size')")"
}

# The same comparison as the copy makes, but nothing is written: what rsync would still change is a difference.
verify() {
  [ "$PROOF" = checksum ] && set -- "$@" --checksum
  rsync_checked "$@" --dry-run --no-human-readable --info=progress0,stats2 \
    --out-format='drover-item %i %n%L' "$DATA/$MODULE/" "$(remote)" >"$RUN/comparison" &
  comparer=$!
  children="$comparer"
  await "$comparer"
  code=$?
  children=
  [ -n "$terminated" ] && [ "$code" -ne 0 ] && code=143
  [ "$code" -eq 0 ] || fail "$code" "The comparison could not be finished. $(explain "$code")"
  # restic does not keep the time of the directory at the top, and the volume's own machinery touches it; a difference
  # in anything else there is still one.
  if [ -n "${IGNORE_ROOT_TIME:-}" ]; then
    sed -i '/^drover-item \.d\.\.t\.\.\.\.\.\. \.\/$/d' "$RUN/comparison"
  fi
  grep -v '^drover-item ' "$RUN/comparison" >"$RUN/statistics"
  differences=$(grep -c '^drover-item ' "$RUN/comparison")
  grep '^drover-item ' "$RUN/comparison" | head -n "$MAX_DIFFERENCES" | sed 's/^drover-item /drover-differs /'
  figures=$(printf '"proof":"%s","entries":%d,"bytes":%d,"differences":%d' "${PROOF:-metadata}" \
    "$(number 'Number of files')" "$(number 'Total file size')" "$differences")
  if [ "$differences" -eq 0 ]; then
    result verified 0 "$figures"
    return 0
  fi
  result differs "$DIFFERS" "$figures"
  exit "$DIFFERS"
}

idle() {
  while [ -z "$terminated" ]; do
    sleep 86400 &
    children=$!
    wait "$children"
  done
  exit 0
}

case $MODE in
  server) serve ;;
  client)
    prepare_client
    await_server
    copy "$@"
    if [ -n "$PROOF" ]; then verify "$@"; fi
    ;;
  verify)
    prepare_client
    await_server
    verify "$@"
    ;;
  idle) idle ;;
  *)
    echo "entrypoint.sh: say server, client, verify or idle." >&2
    exit 64
    ;;
esac
