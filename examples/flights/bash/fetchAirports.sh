# Fetches the list of airports (CSV) and hands on, as JSON, those that occur in the flights.
source="$PODLINE_INPUT_SOURCE/airports.csv"

case "$source" in
  https://* | http://*) curl --fail --silent --show-error --location --retry 3 --output airports.csv "$source" ;;
  *) cp "$source" airports.csv ;;
esac

grep --only-matching -E '"(origin|destination)":"[A-Z]{3}"' "$PODLINE_INPUTS" |
  cut -d '"' -f 4 | sort -u > wanted.txt

# Columns: code, name, city, state, country, latitude, longitude. A quoted name may hold a comma.
sed 's/"[^"]*"/a name/' airports.csv | awk -F , '
  NR == FNR { wanted[$1] = 1; next }
  $1 in wanted {
    printf "%s{\"code\":\"%s\",\"city\":\"%s\",\"state\":\"%s\"}", found++ ? ",\n" : "[", $1, $3, $4
  }
  END { print found ? "]" : "[]" }
' wanted.txt - > "$PODLINE_OUTPUT"

echo "$(wc -l < wanted.txt) airports occur in the flights, $(grep -c code "$PODLINE_OUTPUT") are known"
