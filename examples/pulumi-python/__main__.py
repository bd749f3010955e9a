# All of Podline in one cluster, and a pool of warm workers.
import pulumi
from pulumi_podline import Autoscaler, DatabaseMode, Orchestrator

config = pulumi.Config()

podline = Orchestrator(
    "podline",
    image=config.require("image"),
    database={
        "mode": DatabaseMode.EMBEDDED,
        "embedded": {
            "image": config.require("databaseImage"),
            "persistent": config.require_bool("databaseVolume"),
        },
    },
    scheduler={"replicas": 1},
    worker_pools=[{"pool": "fast", "autoscaling": {"kind": Autoscaler.CPU}}],
)

pulumi.export("namespace", podline.namespace)
pulumi.export("url", podline.url)
pulumi.export("commands", podline.commands)
