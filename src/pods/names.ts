/**
 * What Kubernetes takes as names, labels, quantities and images: each function returns plain words for what
 * is wrong with a text, or undefined. Used when a DAG is built and again when a pod is made.
 */

const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const QUANTITY = /^\+?(\d+(\.\d*)?|\.\d+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|n|u|[eE][+-]?\d+)?$/;
const UNITS: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};
/** Registry with port, path, tag and digest. */
const IMAGE =
  /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:\d{1,5}(?=\/))?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-fA-F]{32,})?$/;

export function labelValueProblem(text: string): string | undefined {
  if (LABEL_VALUE.test(text)) return undefined;
  return text.length > 63
    ? `"${text.slice(0, 40)}…" has ${text.length} characters; at most 63 are allowed`
    : `"${text}" is no label value: letters, digits, "-", "_" and ".", with a letter or digit at both ends`;
}

export function labelKeyProblem(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (parts.length > 2 || name === '' || !LABEL_VALUE.test(name)) {
    return `"${key.slice(0, 80)}" is no key: write name or prefix/name, with at most 63 characters of letters, digits, "-", "_" and "."`;
  }
  if (prefix !== undefined) return dnsNameProblem(prefix);
  return undefined;
}

/** Names of containers, volumes, namespaces. */
export function dnsLabelProblem(text: string): string | undefined {
  if (DNS_LABEL.test(text)) return undefined;
  return `"${text.slice(0, 80)}" is no name: use at most 63 lower-case letters, digits and "-"`;
}

/** Names of Secrets, ConfigMaps, service accounts. */
export function dnsNameProblem(text: string): string | undefined {
  if (text.length <= 253 && DNS_NAME.test(text)) return undefined;
  return `"${text.slice(0, 80)}" is no name: use lower-case letters, digits, "-" and "."`;
}

export function quantityProblem(value: string | number): string | undefined {
  if (typeof value === 'number' ? Number.isFinite(value) && value >= 0 : QUANTITY.test(value)) {
    return undefined;
  }
  return `"${String(value).slice(0, 40)}" is no quantity: write for example 2, "500m", "1.5" or "256Mi"`;
}

/** The number that a quantity stands for; NaN when it is none. */
export function quantityOf(value: string | number): number {
  if (typeof value === 'number') return value;
  const match = /^\+?([\d.]+)([a-zA-Z]{0,2})$/.exec(value);
  if (!match) return QUANTITY.test(value) ? Number(value) : Number.NaN;
  return Number(match[1]) * (match[2] === '' ? 1 : (UNITS[match[2] ?? ''] ?? Number.NaN));
}

export function imageProblem(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (text.length <= 500 && IMAGE.test(text)) return undefined;
  return `"${text.slice(0, 80)}" is no image: write for example registry.example/team/image:1.2`;
}

/** Kubernetes takes more; programs and shells do not. */
export function envNameProblem(name: string): string | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && name.length <= 253) return undefined;
  return `"${name.slice(0, 60)}" is no name of a variable: use letters, digits and "_"`;
}

/** Connections from Secrets of other names; the clusters of a worker that makes pods itself. */
const OPEN = /^PODLINE_(CONN_.+|CLUSTERS|KUBECONFIG|KUBE_CONTEXT|NAMESPACE)$/;

/** Identity and secrets of the worker are not for authors. */
export function reservedEnvProblem(name: string): string | undefined {
  if (!name.startsWith('PODLINE_') || OPEN.test(name)) return undefined;
  return `"${name.slice(0, 60)}" is taken: names that begin with PODLINE_ belong to Podline`;
}

export function mountPathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return `"${path.slice(0, 80)}" does not begin with "/"`;
  if (path.includes(':')) return `"${path.slice(0, 80)}" has a ":"`;
  if (path.split('/').includes('..')) return `"${path.slice(0, 80)}" has a ".."`;
  return undefined;
}
