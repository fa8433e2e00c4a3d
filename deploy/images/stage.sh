#!/usr/bin/env bash
# Lays out the root file system of the image: the program, the libraries it is linked to, authorities' certificates.
#   stage.sh BINARY FOLDER
# Everything but the program comes from Debian packages of this machine; their names and versions go into the folder
# beside it (FOLDER.packages), for the bill of materials.
set -euo pipefail
export LC_ALL=C
binary=$1
root=$2

rm -rf "$root"
mkdir -p "$root"/{etc/ssl/certs,tmp,usr/bin,usr/share,var/lib/ecustoms}
chmod 0755 "$root" "$root"/{etc,etc/ssl,etc/ssl/certs,usr,usr/bin,usr/share,var,var/lib}

install -m 0555 "$binary" "$root/usr/bin/ecustoms"
strip --strip-all "$root/usr/bin/ecustoms"

# The loader and what it would load, at the very places where the program looks for it.
packages=()
while read -r library; do
  real=$(readlink -f "$library")
  install -D -m 0555 "$real" "$root$library"
  packages+=("$(dpkg-query -S "$real" 2>/dev/null || dpkg-query -S "${real#/usr}")")
done < <(ldd "$binary" | grep -oE '/[^ ]+' | sort -u)

install -m 0444 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'ecustoms:x:65532:65532:ecustoms:/var/lib/ecustoms:/sbin/nologin' >"$root/etc/passwd"
echo 'ecustoms:x:65532:' >"$root/etc/group"
chmod 0444 "$root"/etc/{nsswitch.conf,passwd,group}
chmod 1777 "$root/tmp"
chmod 0700 "$root/var/lib/ecustoms"
[ "$(id -u)" -ne 0 ] || chown 65532:65532 "$root/var/lib/ecustoms"

{
  printf '%s\n' "${packages[@]}" | sed 's/:.*//' | sort -u
  echo ca-certificates
} | while read -r name; do dpkg-query -W -f '${Package}\t${Version}\n' "$name" | sort -u; done >"$root.packages"

# Who wrote what else is in it, and under which terms.
cut -f1 "$root.packages" | while read -r name; do
  file=/usr/share/doc/$name/copyright
  if [ -e "$file" ]; then install -D -m 0444 "$(readlink -f "$file")" "$root$file"; fi
done

# One instant for every file: the image depends on its content alone.
find "$root" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-0}" {} +
