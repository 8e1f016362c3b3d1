# Sourced by ./run, ./test and ./bench: what the machine must have, installed where the distribution has it.

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

need_sdk() {
    if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
        die "FamilyDoctor needs the .NET SDK 10, which is not in PATH. Install it from https://dot.net and run this again."
    fi
}

need_disk() {
    local left
    left=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$left" -ge 500 ] || die "The disk of $PWD is full: $left MB are left, 500 MB are needed at least."
}

# Debian keeps the servers' programs out of PATH.
has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_rabbitmq() { command -v rabbitmq-server >/dev/null || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_cjk_fonts() { ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || fc-list :lang=zh 2>/dev/null | grep -q .; }

given_databases() {
    local name
    for name in teamsdb contractsdb referralsdb bedsdb dashboarddb keysdb; do
        [ -n "$(printenv "ConnectionStrings__$name")" ] || return 1
    done
}
given_broker() { [ -n "$(printenv ConnectionStrings__messaging)" ]; }

# need_programs [run|test|bench]: installs what is missing on Debian and Ubuntu, says what to install elsewhere.
need_programs() {
    local missing=()
    if [ "$1" != run ] || ! given_databases; then has_postgres || missing+=(postgresql); fi
    if [ "$1" != run ] || ! given_broker; then has_rabbitmq || missing+=(rabbitmq-server); fi
    [ "$1" = bench ] || command -v npm >/dev/null || missing+=(nodejs npm)
    command -v ps >/dev/null || missing+=(procps)
    if [ "$1" = test ]; then
        has_chromium || missing+=(chromium)
        has_cjk_fonts || missing+=(fonts-noto-cjk)
    fi
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get >/dev/null; then
        say "Missing here: ${missing[*]}. This script installs them on Debian and Ubuntu only. Elsewhere, for example:" >&2
        say "  Fedora  dnf install postgresql-server rabbitmq-server nodejs npm chromium google-noto-sans-cjk-fonts" >&2
        say "  macOS   brew install postgresql rabbitmq node" >&2
        die "Servers of your own do as well: set ConnectionStrings__teamsdb, __contractsdb, __referralsdb, __bedsdb, __dashboarddb, __keysdb and __messaging."
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "Missing here: ${missing[*]}. Let root run: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing from the distribution: ${missing[*]} (no system server will be started)"
    install_quietly "${missing[@]}"
}

# The packages would start servers and create a cluster of their own; for this one installation they are told not to.
install_quietly() (
    policy=/usr/sbin/policy-rc.d
    cluster=/etc/postgresql-common/createcluster.d/familydoctor.conf
    log=$(mktemp)
    restore() {
        "${as_root[@]}" rm -f "$policy" "$cluster"
        if "${as_root[@]}" test -e "$policy.familydoctor"; then "${as_root[@]}" mv "$policy.familydoctor" "$policy"; fi
        rm -f "$log"
    }
    apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >"$log" 2>&1 </dev/null; }
    trap restore EXIT
    if "${as_root[@]}" test -e "$policy"; then "${as_root[@]}" mv "$policy" "$policy.familydoctor"; fi
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    "${as_root[@]}" mkdir -p "${cluster%/*}"
    echo 'create_main_cluster = false' | "${as_root[@]}" tee "$cluster" >/dev/null
    apt install -y --no-install-recommends "$@" || { apt update && apt install -y --no-install-recommends "$@"; } || {
        tail -n 20 "$log" >&2
        die "The installation failed; above is what apt-get said."
    }
)
