export { Backoff, type BackoffOptions } from "./backoff.ts";
export type * from "./cluster.ts";
export { connect } from "./connect.ts";
export { KubeError, type KubeErrorCause, type KubeErrorDetails } from "./kube-error.ts";
export {
  clustersFromKubeconfig,
  connectionFromKubeconfig,
  inClusterConnection,
  parseUploadedKubeconfig,
  type InClusterPlace,
  type KubeconfigCluster,
  type KubeconfigOptions,
  type UploadedKubeconfig,
} from "./kubeconfig.ts";
export { liveStore, type LiveStore, type LiveStoreOptions } from "./live-store.ts";
export { parseManifests } from "./manifests.ts";
export type { StoreChange } from "./object-cache.ts";
