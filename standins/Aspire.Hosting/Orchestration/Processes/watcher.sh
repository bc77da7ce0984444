# Stops what an AppHost started, in reverse order of dependency, when the AppHost is gone.
#
# Arguments: session id, seconds for all stages but the last, seconds for the last one.
# Standard input, one command a line (its end is the signal to stop everything; only a dead AppHost or one that asks for it closes it):
#   watch PID START-TICKS STAGE SIGNAL    forget PID    remove DIRECTORY (at the very end)    keep (remove none)
# Higher stages depend on lower ones and stop first.
session=$1
budget=$2
last_budget=$3
exec >/dev/null 2>&1
trap '' INT TERM HUP QUIT PIPE
declare -A ticks stage signal
declare -a directories

while read -r verb id rest; do
    case $verb in
        watch) read -r "ticks[$id]" "stage[$id]" "signal[$id]" <<<"$rest" ;;
        forget) unset "ticks[$id]" "stage[$id]" "signal[$id]" ;;
        remove) directories+=("$id${rest:+ $rest}") ;;
        keep) directories=() ;;
    esac
done

# The same process as the one we were told of: a process id alone may belong to somebody else by now.
alive() {
    local stat fields
    read -r stat <"/proc/$1/stat" || return 1
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z && ${fields[0]} != X && ${fields[19]} == "${ticks[$1]}" ]]
}

stop_stage() {
    local deadline=$1 id ours=()
    shift
    for id in "$@"; do alive "$id" && kill -s "${signal[$id]}" "$id" && ours+=("$id"); done
    for id in "${ours[@]}"; do
        while alive "$id" && ((${EPOCHREALTIME//[.,]/} < deadline)); do sleep 0.05; done
        # The process, if it still runs, and what it left behind in its group.
        kill -s KILL -- "-$id"
        while alive "$id"; do sleep 0.02; done
    done
}

begin=${EPOCHREALTIME//[.,]/}
for current in $(printf '%s\n' "${stage[@]}" | sort -rnu); do
    members=()
    for id in "${!stage[@]}"; do ((stage[$id] == current)) && members+=("$id"); done
    ((current > 0)) && limit=$budget || limit=$((budget + last_budget))
    stop_stage $((begin + limit * 1000000)) "${members[@]}"
done

# Started in the moment of the crash, before we were told; the environment's mark names them.
grep -lszx "VELTRIX_SESSION=$session" /proc/[0-9]*/environ | while IFS=/ read -r _ _ id _; do
    kill -s KILL "$id"
done
for directory in "${directories[@]}"; do rm -rf -- "$directory"; done
exit 0
