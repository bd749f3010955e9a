// All of Podline in one cluster, and a pool of warm workers.
package main

import (
	"example.com/pulumi-podline/sdk/go/podline"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		installation, err := podline.NewOrchestrator(ctx, "podline", &podline.OrchestratorArgs{
			Image: pulumi.String(settings.Require("image")),
			Database: podline.DatabaseArgsArgs{
				Mode: podline.DatabaseModeEmbedded,
				Embedded: &podline.EmbeddedDatabaseArgsArgs{
					Image:      pulumi.String(settings.Require("databaseImage")),
					Persistent: pulumi.BoolRef(settings.RequireBool("databaseVolume")),
				},
			},
			Scheduler: &podline.OrchestratorSchedulerArgsArgs{Replicas: pulumi.Float64Ref(1)},
			WorkerPools: []podline.OrchestratorPoolArgsArgs{{
				Pool:        "fast",
				Autoscaling: &podline.AutoscalingArgsArgs{Kind: podline.AutoscalerCpu},
			}},
		})
		if err != nil {
			return err
		}
		ctx.Export("namespace", installation.Namespace)
		ctx.Export("url", installation.Url)
		ctx.Export("commands", installation.Commands)
		return nil
	})
}
