/** Configuration files of the node's programs, as text. Called by oneNode.ts. */
import path from 'node:path';

export function containerdConfig(state: string, pause: string): string {
  return `version = 2
root = "${state}/containerd"
state = "${state}/run/containerd"
[grpc]
  address = "${state}/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause}"
  # Root of a container or a small machine may lack CAP_SYS_RESOURCE: without this no sandbox would start there.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${state}/cni"
`;
}

export function networkConfig(state: string, bridge: string, subnet: string): string {
  const addresses = {
    type: 'host-local',
    dataDir: path.join(state, 'addresses'),
    ranges: [[{ subnet }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const plugins = [
    { type: 'bridge', bridge, isGateway: true, ipMasq: true, hairpinMode: true, ipam: addresses },
    { type: 'portmap', capabilities: { portMappings: true } },
  ];
  return JSON.stringify({ cniVersion: '0.4.0', name: 'podline-test', plugins });
}

export function kubeletConfig(state: string, dns: string, cgroupRoot: string): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: dns,
    port: 20250,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      x509: { clientCAFile: path.join(state, 'pki/ca.crt') },
      webhook: { enabled: true },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: path.join(state, 'pki/kubelet.crt'),
    tlsPrivateKeyFile: path.join(state, 'pki/kubelet.key'),
    containerRuntimeEndpoint: `unix://${state}/run/containerd.sock`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot,
    failCgroupV1: false,
    failSwapOn: false,
    podLogsDir: path.join(state, 'pod-logs'),
    clusterDNS: [dns],
    clusterDomain: 'cluster.local',
    resolvConf: path.join(state, 'resolv.conf'),
    maxPods: 250,
    serializeImagePulls: false,
    kubeAPIQPS: 50,
    kubeAPIBurst: 100,
    // A full disk of a developer is no reason to evict tests; images are never collected.
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '2%',
      'imagefs.available': '2%',
    },
    imageGCHighThresholdPercent: 99,
    imageGCLowThresholdPercent: 98,
  });
}

export function coreDnsConfig(address: string, kubeconfig: string): string {
  return `.:53 {
  bind ${address}
  errors
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig} test
  }
  cache 5
}
`;
}
