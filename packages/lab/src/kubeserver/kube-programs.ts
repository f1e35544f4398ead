import { join } from "node:path";
import { ISSUER } from "../apiserver/auth/service-account-tokens.ts";
import { startProgram } from "./child-program.ts";
import type { ChildProgram } from "./child-program.ts";
import type { KubeAssets } from "./kube-assets.ts";
import type { ServerFiles } from "./server-files.ts";

export type KubePorts = { readonly etcd: number; readonly peer: number; readonly api: number };

/** One control plane: its programs, its folder, its files and its ports. */
export type ControlPlane = {
  readonly assets: KubeAssets;
  readonly directory: string;
  readonly files: ServerFiles;
  readonly ports: KubePorts;
};

export type ServerNetwork = {
  /** What cluster IPs are taken from, such as `127.96.0.0/16`. */
  readonly serviceRange: string;
  readonly nodePorts?: { readonly first: number; readonly last: number };
};

type Flags = Readonly<Record<string, string>>;

/** Those whose work the lab does too; the others would only wait for nodes. */
const CONTROLLERS = [
  "namespace",
  "garbagecollector",
  "serviceaccount",
  "serviceaccount-token",
  "root-ca-cert-publisher",
  "clusterrole-aggregation",
  "resourcequota",
];

/** Starts etcd. */
export function startEtcd(
  { assets, directory, ports }: ControlPlane,
  { isThrowaway }: { readonly isThrowaway: boolean },
): ChildProgram {
  const clients = `http://127.0.0.1:${ports.etcd}`;
  const peers = `http://127.0.0.1:${ports.peer}`;
  const flags = {
    name: "lab",
    "data-dir": join(directory, "etcd"),
    "listen-client-urls": clients,
    "advertise-client-urls": clients,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `lab=${peers}`,
    ...(isThrowaway ? { "unsafe-no-fsync": "true" } : {}),
    logger: "zap",
  };
  return startProgram(assets.etcd, flags, join(directory, "etcd.log"));
}

/** Starts the API server on the loopback. */
export function startKubeApiServer(
  { assets, directory, files, ports }: ControlPlane,
  { serviceRange, nodePorts }: ServerNetwork,
  more: Flags,
): ChildProgram {
  const flags = {
    "etcd-servers": `http://127.0.0.1:${ports.etcd}`,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": String(ports.api),
    "cert-dir": directory,
    "tls-cert-file": files.certificate,
    "tls-private-key-file": files.key,
    "client-ca-file": files.ca,
    "token-auth-file": files.tokens,
    "service-account-key-file": files.accountPublicKey,
    "service-account-signing-key-file": files.accountKey,
    "service-account-issuer": ISSUER,
    "service-cluster-ip-range": serviceRange,
    ...(nodePorts === undefined
      ? {}
      : { "service-node-port-range": `${nodePorts.first}-${nodePorts.last}` }),
    "kubelet-certificate-authority": files.ca,
    "kubelet-preferred-address-types": "InternalIP",
    "authorization-mode": "RBAC",
    "allow-privileged": "true",
    "endpoint-reconciler-type": "none",
    ...(files.tokenReview === undefined
      ? {}
      : {
          "authentication-token-webhook-config-file": files.tokenReview,
          "authentication-token-webhook-version": "v1",
          // A token that was revoked is good no longer than the server's own ten seconds.
          "authentication-token-webhook-cache-ttl": "0s",
        }),
    v: "1",
    ...more,
  };
  return startProgram(assets.apiServer, flags, join(directory, "kube-apiserver.log"));
}

/** Starts Kubernetes' own controllers, as far as the lab has such too. */
export function startControllerManager(
  program: string,
  { directory, files }: ControlPlane,
  { kubeconfig, isBefore124 }: { readonly kubeconfig: string; readonly isBefore124: boolean },
): ChildProgram {
  const flags = {
    kubeconfig,
    "bind-address": "127.0.0.1",
    "secure-port": "0",
    // Later ones listen nowhere else, and do not know the flag.
    ...(isBefore124 ? { port: "0" } : {}),
    "leader-elect": "false",
    "use-service-account-credentials": "false",
    "service-account-private-key-file": files.accountKey,
    "root-ca-file": files.ca,
    "kube-api-qps": "500",
    "kube-api-burst": "1000",
    controllers: CONTROLLERS.join(","),
  };
  return startProgram(program, flags, join(directory, "kube-controller-manager.log"));
}
