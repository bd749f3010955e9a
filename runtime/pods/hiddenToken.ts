/** A manifest as it may be shown: whoever has the token of an attempt may claim it. Pure. */
import type { Container, PodManifest } from '../../src/pods/manifest.ts';

/** Environment variable of a pod that holds it. */
export const TOKEN_VARIABLE = 'PODLINE_TOKEN';

/** A copy with these words in place of the token. */
export function withHiddenToken(pod: PodManifest, words: string): PodManifest {
  const hide = (containers: Container[]): Container[] =>
    containers.map((container) => ({
      ...container,
      ...(container.env && {
        env: container.env.map((one) =>
          one.name === TOKEN_VARIABLE ? { ...one, value: words } : one,
        ),
      }),
    }));
  const { containers, initContainers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: hide(containers),
      ...(initContainers && { initContainers: hide(initContainers) }),
    },
  };
}
