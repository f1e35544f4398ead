import { nameOf } from "../kinds/lab-kind.ts";
import type { Pod, Volume } from "../kinds/pod.ts";
import { StatefulSet } from "../kinds/workload.ts";
import { podOf } from "./owned-pods.ts";

export const revisionLabel = "controller-revision-hash";

/** The claim of one pod for one of the set's claim templates. */
export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${nameOf(set)}-${ordinal}`;
}

/** The ordinal in a pod's name; undefined when the name is not one of this set's. */
export function ordinalOf(set: StatefulSet, podName: string): number | undefined {
  const prefix = `${nameOf(set)}-`;
  const rest = podName.startsWith(prefix) ? podName.slice(prefix.length) : "";
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}

/** The pod of an ordinal, with its own claims in place of the claim templates. */
export function statefulPod(
  set: StatefulSet,
  { ordinal, revision }: { readonly ordinal: number; readonly revision: string },
): Pod {
  const name = `${nameOf(set)}-${ordinal}`;
  const pod = podOf(
    { kind: StatefulSet, object: set },
    {
      template: set.spec.template,
      name,
      labels: {
        [revisionLabel]: revision,
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": String(ordinal),
      },
    },
  );
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template): Volume => {
    const volume = template.metadata?.name ?? "";
    return { name: volume, persistentVolumeClaim: { claimName: claimName(set, volume, ordinal) } };
  });
  const others = (pod.spec.volumes ?? []).filter(
    (one) => !claims.some((own) => own.name === one.name),
  );
  return {
    ...pod,
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
      volumes: [...others, ...claims],
    },
  };
}
