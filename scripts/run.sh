#!/usr/bin/env bash
# `make run`: from a fresh machine to a served city; the second time only to the served city, in seconds.
# The data stays: nothing here deletes a database that finished loading.
#   ZHIXIN_LISTEN        address to serve on            (127.0.0.1:8080)
#   ZHIXIN_DATA          folder of the data             (./data)
#   ZHIXIN_DATABASE_URL  another database; then no demonstration city is loaded
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh

listen=${ZHIXIN_LISTEN:-127.0.0.1:8080}
data=${ZHIXIN_DATA:-./data}
zhixin=target/quick/zhixin

# Asked before the build, because eight minutes later it would be an insult.
port=${listen##*:}
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    stop "Something already answers on port $port; perhaps Zhixin is running in another window." \
        "Stop it, or take another port: make run PORT=8081"
fi

scripts/build.sh quick

mkdir -p "$data"
if [ -z "${ZHIXIN_DATABASE_URL:-}" ]; then
    loading="$data/zhixin-demo.loading"
    if [ -e "$loading" ]; then
        say "The demonstration city was not loaded to its end last time; beginning it anew."
        rm -f "$data"/zhixin.db "$data"/zhixin.db-wal "$data"/zhixin.db-shm "$loading"
    fi
    if [ ! -e "$data/zhixin.db" ]; then
        say "Loading the demonstration city into $data (only this first time)."
        : >"$loading"
        "$zhixin" demo --data "$data" || stop "The demonstration city could not be loaded."
        rm -f "$loading"
    fi
fi

cat <<TXT

  知新 Zhixin    http://$listen
  data          $data

  Demonstration accounts, password zhixin-demo-2026:
    demo-learner   专业技术人员    demo-employer   用人单位      demo-provider    施教机构
    demo-lead      市级牵头部门    demo-district   区人社部门    demo-department  行业主管部门
    demo-expert    专家            demo-finance    财务          demo-auditor     审计
    demo-operator  系统运维

  Ctrl+C stops it; the data stays.

TXT
exec "$zhixin" serve --data "$data" --listen "$listen"
