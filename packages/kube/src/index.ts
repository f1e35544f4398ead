export type * from "./cluster.ts";
export { connect } from "./connect.ts";
export { KubeError, type KubeErrorCause, type KubeErrorDetails } from "./kube-error.ts";
export { liveStore, type LiveStore, type LiveStoreOptions } from "./live-store.ts";
export type { StoreChange } from "./object-cache.ts";
