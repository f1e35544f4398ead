export { chosenKubeAssets } from "./kubeserver/kube-assets.ts";
export { startApiServer } from "./apiserver/api-server.ts";
export type {
  ApiServer,
  ApiServerOptions,
  ExtraRequest,
  ExtraRoute,
} from "./apiserver/api-server-options.ts";
export type { UserInfo } from "./apiserver/auth/user-info.ts";
export { failNthWrite } from "./apiserver/faults.ts";
export type { Fault, FaultRequest, Faults } from "./apiserver/faults.ts";
export type { FaultSettings } from "./faults/fault-settings.ts";
export type { LabFaults } from "./faults/lab-faults.ts";
export { createAuthority, issueCertificate } from "./tls/certificate-authority.ts";
export type { CertificateRequest, KeyPair } from "./tls/certificate-authority.ts";
export { startObjectStore } from "./objectstore/object-store.ts";
export type { ObjectStore, ObjectStoreOptions } from "./objectstore/object-store.ts";
export { startLab } from "./lab.ts";
export type { Lab, LabClusterAccess, LabOptions, LabPorts } from "./lab.ts";
export type { ObjectStoreAccess } from "./lab-object-store.ts";
export type { ClusterName } from "./lab-plan.ts";
export { freePort } from "./free-port.ts";
export { labLayout } from "./lab-layout.ts";
export type { ClusterLayout, LabLayout } from "./lab-layout.ts";
export type { PodContext, PodMount, Program } from "./node/program.ts";
export type { SeedOptions } from "./seed/seed-lab.ts";
export { sizedVolumesProblem } from "./storage/sized-volumes.ts";
export { verifyLedger, verifyLedgerFile } from "./workloads/ledger-log.ts";
export type { LedgerVerdict } from "./workloads/ledger-log.ts";
export { findKubeAssets } from "./kubeserver/kube-assets.ts";
export { startKubeServer } from "./kubeserver/kube-server.ts";
export type { KubeServer } from "./kubeserver/kube-server.ts";
