# What tools/benchmark and tools/benchmark-capacity share: builds in Release, starts the platform on data of its own, and stops it at the end.
# Sourced. Gives $data, cli (the command line), veltrix (the same, for this platform), number, $app_host, and $started: the seconds that the start took.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=$(mktemp -d)
log=$data/app-host.log

dotnet build Veltrix.AppHost -c Release -v q -nologo
dotnet build tools/Veltrix.Cli -c Release -v q -nologo
cli() { dotnet tools/Veltrix.Cli/bin/Release/net10.0/veltrix.dll "$@"; }
veltrix() { cli "$@" --platform "$data/veltrix"; }
number() { sed -nE "s/.*\"$1\":([0-9.]+).*/\1/p" <<<"$2"; } # number NAME REPORT

began=$SECONDS
dotnet run --no-build -c Release --project Veltrix.AppHost -- --StandIns:DataDirectory="$data/veltrix" >"$log" 2>&1 &
app_host=$!
stop() { kill "$app_host" 2>/dev/null || true; wait "$app_host" 2>/dev/null || true; rm -rf "$data"; }
trap stop EXIT
tries=0
until grep -q "^admin .*Healthy" "$log"; do
  kill -0 "$app_host" 2>/dev/null || { cat "$log" >&2; exit 1; }
  ((++tries < 600)) || { echo "the platform did not start" >&2; tail -50 "$log" >&2; exit 1; }
  sleep 0.2
done
started=$((SECONDS - began))
