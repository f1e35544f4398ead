import type { KubeObject, ResourceKind } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";

/**
 * A kind at the version a server serves: its own, or another one where that is all there is (a Kubernetes before 1.21
 * has CronJobs as batch/v1beta1, of the same shape). Undefined when the server does not have the kind.
 */
export function servedKind<T extends KubeObject>(
  served: readonly DiscoveredResource[],
  kind: ResourceKind<T>,
): ResourceKind<T> | undefined {
  const version = servedVersion(served, kind);
  return version === undefined ? undefined : { ...kind, version };
}

/** The version at which a server serves what is named by group and kind, or plural. */
export function servedVersion(
  served: readonly DiscoveredResource[],
  wanted: { readonly group: string; readonly version: string; readonly kind: string },
): string | undefined {
  const versions = served.filter(
    ({ group, kind }) => group === wanted.group && kind === wanted.kind,
  );
  const found =
    versions.find(({ version }) => version === wanted.version) ??
    versions.find(({ preferred }) => preferred) ??
    versions[0];
  return found?.version;
}
