/** Where OpenShift keeps its registry, and how pods of a cluster reach it. */
export const registryNamespace = "openshift-image-registry";
export const registryService = "image-registry";
export const registryPort = 5000;
export const registryHost = `${registryService}.${registryNamespace}.svc:${registryPort}`;
export const registryRoute = "default-route";

/** How the registry is reached from outside a cluster whose Routes end with this domain. */
export function publicRegistryHost(routeDomain: string): string {
  return `${registryRoute}-${registryNamespace}.${routeDomain}`;
}
