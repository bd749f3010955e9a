/**
 * Where things are in the runtime image, and in every image that copies them from it (docs/images.md).
 * The builders of pod specs import this; the Dockerfile and the image's test keep to it.
 */
export const RUNTIME_FOLDER = '/opt/podline';

/** Command of a worker pod: claims the attempt that its environment names, runs it, ends. */
export const WORKER_COMMAND = [`${RUNTIME_FOLDER}/worker/start`];

/** Command of the sidecar that stores the output file of a direct pod; its argument is the file. */
export const OUTPUT_COMMAND = [`${RUNTIME_FOLDER}/worker/output`];

/** `podline`, as on a laptop: `podline scheduler`, `podline db migrate` and so on. Default of the image. */
export const PODLINE_COMMAND = [`${RUNTIME_FOLDER}/podline`];

/** User and group of the image: task pods set runAsNonRoot, which asks for a number. */
export const RUNTIME_USER = 10001;
