#!/bin/sh
# Builds the Kubernetes control plane of the tests once and prints the directory that holds it:
# etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kwok, all one binary.
# The directory lies outside of the checkout, under a name made from the sources, so that every
# checkout on the machine shares it. Needs Go; takes some minutes the first time;
# ends with 3 where there is no Go that is new enough.
set -eu
here=$(cd -P "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/posthorn-control-plane
name=$(cat "$here/go.mod" "$here/go.sum" "$here/main.go" "$0" | sha256sum | cut -c1-16)
target=$cache/$name

# Puts the first Go that is new enough in front; a distribution's may be older than what is in /usr/local.
newest_go() {
  found=
  for candidate in "$(command -v go || true)" /usr/local/go/bin/go; do
    [ -x "$candidate" ] || continue
    found=$(GOTOOLCHAIN=local "$candidate" env GOVERSION)
    minor=$(echo "${found#go1.}" | sed 's/[^0-9].*//')
    if [ "${minor:-0}" -ge 26 ]; then
      PATH=$(dirname "$candidate"):$PATH
      return 0
    fi
  done
  return 1
}

if [ ! -x "$target/kwok" ]; then
  newest_go || {
    echo "the control plane of the tests needs Go 1.26 or later on PATH or in /usr/local/go, and there is ${found:-none}: install it" >&2
    exit 3
  }
  mkdir -p "$cache"
  made=$(mktemp -d "$cache/building.XXXXXX")
  trap 'rm -rf "$made"' EXIT
  version=$(sed -n 's/^\tk8s.io\/kubernetes v\(.*\)$/\1/p' "$here/go.mod")
  minor=$(echo "$version" | cut -d. -f2)
  stamp=k8s.io/component-base/version
  (cd "$here" && GOTOOLCHAIN=local GOFLAGS=-mod=readonly CGO_ENABLED=0 go build -buildvcs=false -trimpath \
    -ldflags "-s -w -X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" \
    -o "$made/control-plane" .) >&2
  for part in etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kwok; do
    ln -s control-plane "$made/$part"
  done
  chmod 755 "$made"
  # Another build may have been faster: theirs is as good.
  mv -T "$made" "$target" 2>/dev/null || [ -x "$target/kwok" ]
fi
echo "$target"
