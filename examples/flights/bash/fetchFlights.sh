# Fetches the flights (a JSON array) from a URL or a folder and hands them on as the output of the task.
# 178 KB fit into an output; anything larger belongs into a table or an object store.
source="$PODLINE_INPUT_SOURCE/flights-2k.json"

case "$source" in
  https://* | http://*) curl --fail --silent --show-error --location --retry 3 --output flights.json "$source" ;;
  *) cp "$source" flights.json ;;
esac

echo "$(wc -c < flights.json) bytes from $source"
cp flights.json "$PODLINE_OUTPUT"
