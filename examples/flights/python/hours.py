# Delays by hour of departure: standard library only. Reads its inputs from PODLINE_INPUTS and writes
# its output to PODLINE_OUTPUT; nothing else of Podline is needed.
import json
import os
import statistics
from collections import defaultdict

with open(os.environ["PODLINE_INPUTS"]) as file:
    flights = json.load(file)["flights"]

delays = defaultdict(list)
for flight in flights:
    hour = int(flight["date"][11:13])
    delays[hour].append(flight["delay"])

hours = [
    {
        "hour": hour,
        "flights": len(minutes),
        "mean": round(statistics.fmean(minutes), 1),
        "p90": round(statistics.quantiles(minutes, n=10)[8], 1),
    }
    for hour, minutes in sorted(delays.items())
    if len(minutes) >= 20
]
worst = max(hours, key=lambda entry: entry["mean"])
print(f"{len(flights)} flights, worst hour {worst['hour']}:00 with {worst['mean']} minutes on average")

with open(os.environ["PODLINE_OUTPUT"], "w") as file:
    json.dump({"hours": hours, "worst": worst}, file)
