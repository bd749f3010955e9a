/**
 * Whether traces are sent, from the standard variables of OpenTelemetry. What they say beyond that (headers, timeout,
 * certificates, names of the resource) its exporter reads by itself. Called by config.ts, when it is asked.
 */

export interface TraceConfig {
  on: boolean;
  /** Why there are none although there is an address. */
  problem?: string;
}

export function readTraces(env: NodeJS.ProcessEnv): TraceConfig {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const exporters = (env.OTEL_TRACES_EXPORTER || 'otlp').split(',').map((name) => name.trim());
  const isDisabled = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
  if (!endpoint || isDisabled || !exporters.includes('otlp')) return { on: false };
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') {
    const problem = 'the protocol is grpc, and spans are sent by HTTP alone (port 4318 as a rule)';
    return { on: false, problem };
  }
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    // Not shown: it may have a login in it.
    return { on: false, problem: 'the address of the receiver is no http or https URL' };
  }
  return { on: true };
}
