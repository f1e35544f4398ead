import { Node, Route, Service } from "@drover/crds";
import type { Pod } from "@drover/crds";
import { routeAddress, serviceAddress } from "../manifests/transfer-endpoint.ts";
import type { TransferAddress } from "../manifests/transfer-pods.ts";
import { transferNames, transferSelector } from "../manifests/transfer-run.ts";
import type { VolumeScope } from "./volume-scope.ts";

/** Where clients reach the server of each target namespace; a namespace without address yet is not in the map. */
export async function transferAddresses(
  scope: VolumeScope,
  servers: readonly Pod[],
): Promise<ReadonlyMap<string, TransferAddress>> {
  const addresses = new Map<string, TransferAddress>();
  for (const server of servers) {
    const namespace = server.metadata.namespace ?? "";
    const address = await addressOf(scope, server);
    if (address) addresses.set(namespace, address);
  }
  return addresses;
}

async function addressOf(scope: VolumeScope, server: Pod): Promise<TransferAddress | undefined> {
  const { pass, target, run } = scope;
  const type = target.settings.endpointType;
  const ref = { name: transferNames.endpoint(run), namespace: server.metadata.namespace ?? "" };
  const watch = { cluster: target.cluster, labelSelector: transferSelector(run) };
  if (type === "Route") {
    const route = (await pass.wakeOn({ ...watch, kind: Route })).find(ref);
    return route && routeAddress(route);
  }
  const service = (await pass.wakeOn({ ...watch, kind: Service })).find(ref);
  if (!service) return undefined;
  return serviceAddress(service, type, type === "NodePort" ? await nodeAddress(scope, server) : "");
}

/** The node the server runs on: it answers even where only nodes that run a backend do. */
async function nodeAddress({ target }: VolumeScope, server: Pod): Promise<string | undefined> {
  const { nodeName } = server.spec;
  const node = nodeName ? await target.cluster.find(Node, { name: nodeName }) : undefined;
  const addresses = node?.status?.addresses ?? [];
  const byType = (type: string) => addresses.find((entry) => entry.type === type)?.address;
  return byType("ExternalIP") ?? byType("InternalIP") ?? server.status?.hostIP;
}
