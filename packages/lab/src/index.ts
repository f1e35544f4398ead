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
export { createAuthority, issueCertificate } from "./tls/certificate-authority.ts";
export type { CertificateRequest, KeyPair } from "./tls/certificate-authority.ts";
export { startObjectStore } from "./objectstore/object-store.ts";
export type { ObjectStore, ObjectStoreOptions } from "./objectstore/object-store.ts";
