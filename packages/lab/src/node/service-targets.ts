import type { EndpointAddress, Endpoints } from "./kinds/cluster-objects.ts";
import { Pod } from "./kinds/pod.ts";
import type { ClusterView } from "./runtime/cluster-view.ts";
import type { Target } from "./tcp-proxy.ts";

type EndpointPort = { readonly name?: string; readonly port: number };

/** Where connections to a Service really go: the ready addresses of its Endpoints, at the port that is meant. */
export function serviceTargets(
  view: ClusterView,
  endpoints: Endpoints | undefined,
  isPort: (port: EndpointPort) => boolean,
): Target[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(isPort)?.port;
    if (port === undefined) return [];
    return addresses.flatMap((address) => {
      const host = hostOf(view, address);
      return host === undefined ? [] : [{ host, port }];
    });
  });
}

/** A pod is reached where it listens; the address beside its name is only announced. */
function hostOf(view: ClusterView, { ip, targetRef }: EndpointAddress): string | undefined {
  if (targetRef?.kind !== "Pod") return ip;
  const pod = view.watch(Pod).find(`${targetRef.namespace ?? ""}/${targetRef.name ?? ""}`);
  return pod?.status?.podIP;
}
