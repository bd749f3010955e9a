/** Installs Debian packages that are missing. Called before anything that needs their programs. */
import fs from 'node:fs';
import { run, step } from './command.ts';

/** A program of each package, and the package. */
const CLUSTER: Record<string, string> = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/sbin/iptables': 'iptables',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/conntrack': 'conntrack',
  '/usr/sbin/ip': 'iproute2',
  '/usr/bin/openssl': 'openssl',
};
const IMAGES: Record<string, string> = {
  '/usr/sbin/debootstrap': 'debootstrap',
  '/usr/bin/buildah': 'buildah',
};

export const clusterPackages = () => install(CLUSTER);
export const imagePackages = () => install(IMAGES);

async function install(wanted: Record<string, string>): Promise<void> {
  const missing = Object.entries(wanted).flatMap(([file, name]) =>
    fs.existsSync(file) ? [] : [name],
  );
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `the test cluster needs ${missing.join(', ')} (Debian names) and to run as root; install them, or point PODLINE_TEST_KUBECONFIG at another cluster`,
    );
  }
  await step(`installing ${missing.join(' ')}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const add = ['install', '-y', '-q', '--no-install-recommends', ...missing];
    await run('apt-get', add, { env }).catch(async () => {
      await run('apt-get', ['update', '-q'], { env });
      await run('apt-get', add, { env });
    });
  });
}
