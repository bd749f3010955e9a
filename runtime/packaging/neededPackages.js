// Which packages of the lock file some of the root's dependencies need: found by walking the graph, as Node looks packages
// up from the folder of who asks. Called by stageImage.js, so that the image carries nothing that only others need.

/**
 * Folders such as `node_modules/pg`, sorted. `wanted`: which dependencies of the root count. Development dependencies and
 * optional peers never do.
 */
export function neededPackages(lock, wanted = () => true) {
  const { packages } = lock;
  const found = new Set();
  const open = [];
  const root = packages[''] ?? {};
  const direct = { ...root.dependencies, ...root.optionalDependencies };
  for (const name of Object.keys(direct)) if (wanted(name)) add('', name);
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[folder];
    const names = { ...dependencies, ...optionalDependencies };
    for (const name of Object.keys(peerDependencies ?? {})) {
      if (!peerDependenciesMeta?.[name]?.optional) names[name] = peerDependencies[name];
    }
    for (const name of Object.keys(names)) add(folder, name);
  }
  return [...found].sort();

  /** The nearest one, from the folder of who asks upwards. Not there: optional, and not for this platform. */
  function add(from, name) {
    for (let at = from; ; at = parentOf(at)) {
      const folder = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      if (packages[folder] !== undefined) {
        if (!found.has(folder)) open.push(folder);
        found.add(folder);
        return;
      }
      if (at === '') return;
    }
  }
}

function parentOf(folder) {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
}
