/** Where schedulers send traces, as the standard settings of OpenTelemetry, and where people look at them. */
import type * as pulumi from '@pulumi/pulumi';
import type { SecretRef } from './spec/env.ts';
import { type Add, check, dnsName, needed, plainFields } from './spec/validate.ts';

/** Where schedulers send traces: a run is a trace, an attempt a span. */
export interface TracingArgs {
  /** Address of a receiver of OTLP over HTTP, such as `http://otel-collector.monitoring:4318`. */
  endpoint: pulumi.Input<string>;
  /** The Secret that holds headers for it, as a key of a service. Default: none. */
  headersSecret?: HeadersSecretArgs;
  /** Name of the service in traces. Default `podline`. */
  serviceName?: pulumi.Input<string>;
}

/** A key of a Secret in the namespace of the schedulers. */
export interface HeadersSecretArgs {
  /** Name of the Secret. */
  name: pulumi.Input<string>;
  /** Key that holds the headers, in the form `name=value,name=value`. Default `headers`. */
  key?: pulumi.Input<string>;
}

export function tracingProblems(args: TracingArgs | undefined, add: Add): void {
  if (!args) return;
  plainFields(args, ['headersSecret'], add);
  add('endpoint', needed(args.endpoint) ?? check(args.endpoint, endpointProblem));
  const { headersSecret } = args;
  if (headersSecret) {
    add('headersSecret.name', needed(headersSecret.name) ?? dnsName(headersSecret.name));
  }
}

function endpointProblem(text: string): string | undefined {
  return /^https?:\/\/[^\s/?#@]+(\/\S*)?$/.test(text)
    ? undefined
    : 'must begin with http:// or https://, and have no login in it';
}

export function traceUrlProblem(url: pulumi.Input<string> | undefined): string | undefined {
  return check(url, (text) =>
    /^https?:\/\/\S+$/.test(text) && text.includes('{traceId}')
      ? undefined
      : 'must be an http or https address with {traceId} in it',
  );
}

/** What is not said here may be said as `env`. */
export function tracingEnv(
  args: TracingArgs | undefined,
): Record<string, pulumi.Input<string> | SecretRef> {
  if (!args) return {};
  const { endpoint, headersSecret, serviceName } = args;
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...(headersSecret && {
      OTEL_EXPORTER_OTLP_HEADERS: {
        secret: headersSecret.name,
        key: headersSecret.key ?? 'headers',
      },
    }),
    ...(serviceName !== undefined && { OTEL_SERVICE_NAME: serviceName }),
  };
}
