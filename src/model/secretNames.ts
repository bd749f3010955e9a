/**
 * Which names say that their value is a secret: of variables, parts of connections, keys of JSON. Such values are
 * hidden in logs and never stand in the spec of a pod.
 */
const SECRET_NAME =
  /secret|passw|passphrase|token|api_?key|access_?key|private_?key|credential|authorization/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}
