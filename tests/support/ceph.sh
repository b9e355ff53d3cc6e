#!/bin/bash
# usage: ceph.sh FOLDER S3_PORT MONITOR_PORT
# A Ceph cluster of one monitor, one disk and a radosgw, all in one new folder and on loopback: an old on-premises
# store. Prints READY when it takes requests, then stays; its daemons run in the foreground and end with this script.
# Knows Ceph 16 and newer; must not know what is stored.
set -eu
D=$1 S3=$2 MON=$3
mkdir -p "$D"/{mon,osd,rgw,log}
cd "$D"
cat >ceph.conf <<CONF
[global]
fsid = 3f2d4b7a-6f0e-4e27-9d2b-1f7c6c0a0001
mon host = [v2:127.0.0.1:$MON]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $D/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
mon pg warn min per osd = 0
# every pool made at the start waits for the monitor to propose it: a second each otherwise
paxos propose interval = 0.05
paxos min wait = 0.01
# a socket's path may have 107 characters, and this folder's may have more
admin socket =
log file = $D/log/\$name.log
pid file =
crash dir = $D/log
ms bind msgr1 = false
ms bind msgr2 = true
[mon]
mon data = $D/mon
mon data avail crit = 1
[osd]
osd data = $D/osd
osd objectstore = bluestore
# a file with holes: it takes what is stored
bluestore block size = 21474836480
bluestore block create = true
bluestore fsck on mount = false
osd memory target = 939524096
osd max object name len = 2048
[client.rgw]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$S3
rgw dns name = s3.localhost
rgw enable usage log = false
rgw thread pool size = 64
# keys of the user's own (SSE-C) are taken over plain http: nobody listens on this way
rgw crypt require ssl = false
CONF
export CEPH_CONF=$D/ceph.conf

daemon() {
  (exec setpriv --pdeathsig KILL -- "$@" >>"$D/log/daemons.txt" 2>&1) &
}
# nothing in the folder is kept, so nothing is shut down with care
trap 'exec 2>/dev/null; kill -KILL $(jobs -p); wait; rm -rf "$D"' EXIT
trap 'exit 143' TERM INT

key() { ceph-authtool keyring --gen-key "$@" >/dev/null; }
key --create-keyring -n mon. --cap mon 'allow *'
key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
key -n osd.0 --cap mon 'allow *' --cap osd 'allow *'
key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'
monmaptool --create --fsid 3f2d4b7a-6f0e-4e27-9d2b-1f7c6c0a0001 --addv a "[v2:127.0.0.1:$MON]" monmap >/dev/null
ceph-mon --mkfs -i a --monmap monmap --keyring keyring
daemon ceph-mon -f -i a
UUID=$(cat /proc/sys/kernel/random/uuid)
timeout 60 ceph osd new "$UUID" >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$UUID" 2>>log/daemons.txt
daemon ceph-osd -f -i 0
daemon radosgw -f -n client.rgw
timeout 90 radosgw-admin user create --uid=test --display-name=test --access-key=testaccesskey --secret=testsecretkey \
  >/dev/null 2>>log/daemons.txt
for _ in $(seq 600); do
  (exec 3<>"/dev/tcp/127.0.0.1/$S3") 2>/dev/null && break
  sleep 0.1
done
echo READY
wait
