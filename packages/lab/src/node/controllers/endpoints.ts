import { isDeepStrictEqual } from "node:util";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { announcedAddress } from "../address-pool.ts";
import { Endpoints, Service } from "../kinds/cluster-objects.ts";
import type { EndpointAddress, EndpointSubset, ServicePort } from "../kinds/cluster-objects.ts";
import {
  controllerReference,
  isDeleting,
  keyOf,
  labKind,
  nameOf,
  namespaceOf,
  typeOf,
  uidOf,
} from "../kinds/lab-kind.ts";
import { isFinished, isReady, Pod } from "../kinds/pod.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { matchesLabels } from "../runtime/label-match.ts";

type EndpointSlice = KubeObject & {
  addressType: "IPv4";
  endpoints: { addresses: string[]; conditions: { ready: boolean }; targetRef?: object }[];
  ports: { name: string; port: number; protocol: string }[];
};
/** The slices of Services' endpoints. */
export const EndpointSlice = labKind<EndpointSlice>("discovery.k8s.io", "EndpointSlice");

/** Keeps the Endpoints of each Service that selects pods, and its EndpointSlice at the version the server serves. */
export function endpointsController(
  view: ClusterView,
  slices: ResourceKind<EndpointSlice> | undefined,
): Controller {
  return {
    name: "endpoints-controller",
    triggers: [
      onChangeOf(Service, (service) => [keyOf(service)]),
      onChangeOf(Pod, (pod) => servicesOf(view, pod)),
    ],
    async reconcile(key) {
      const service = view.watch(Service).find(key);
      // What a service leaves behind is removed with it: it owns the slice, and the endpoints bear its name.
      if (service === undefined) return removeEndpoints(view, key);
      const { selector } = service.spec;
      if (isDeleting(service) || selector === undefined || Object.keys(selector).length === 0)
        return undefined;
      const pods = view
        .watch(Pod)
        .list(namespaceOf(service))
        .filter((pod) => matchesLabels(selector, pod.metadata.labels) && isReachable(pod));
      await writeEndpoints(view, service, subsetsOf(service, pods));
      if (slices !== undefined) await writeSlice(view, slices, { service, pods });
      return undefined;
    },
  };
}

function servicesOf(view: ClusterView, pod: Pod): string[] {
  return view
    .watch(Service)
    .list(namespaceOf(pod))
    .filter(
      ({ spec: { selector } }) =>
        selector !== undefined && matchesLabels(selector, pod.metadata.labels),
    )
    .map(keyOf);
}

function isReachable(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && !isFinished(pod) && !isDeleting(pod);
}

function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  if (pods.length === 0) return [];
  const byPorts = new Map<string, EndpointSubset>();
  for (const pod of pods) {
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const subset = byPorts.get(key) ?? { ports };
    const list =
      isReady(pod) || service.spec.publishNotReadyAddresses === true
        ? "addresses"
        : "notReadyAddresses";
    subset[list] = [...(subset[list] ?? []), addressOf(pod)];
    byPorts.set(key, subset);
  }
  return [...byPorts.values()];
}

function addressOf(pod: Pod): EndpointAddress {
  return {
    ip: announcedAddress(pod.status?.podIP ?? ""),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
  };
}

function portsOf(service: Service, pod: Pod): { name?: string; port: number; protocol: string }[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    if (number === undefined) return [];
    const { name, protocol = "TCP" } = port;
    return [{ ...(name === undefined ? {} : { name }), port: number, protocol }];
  });
}

function targetPort(port: ServicePort, pod: Pod): number | undefined {
  const { targetPort = port.port } = port;
  if (typeof targetPort === "number") return targetPort;
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  const named = ports.find(({ name }) => name === targetPort)?.containerPort;
  return named ?? (/^\d+$/.test(targetPort) ? Number(targetPort) : undefined);
}

async function writeEndpoints(
  view: ClusterView,
  service: Service,
  subsets: EndpointSubset[],
): Promise<void> {
  const known = view.watch(Endpoints).find(keyOf(service));
  if (known !== undefined) {
    if (!isDeepStrictEqual(known.subsets ?? [], subsets))
      await view.change(Endpoints, known, { subsets });
    return;
  }
  const { labels = {} } = service.metadata;
  const metadata = { name: nameOf(service), namespace: namespaceOf(service), labels };
  await view.create(Endpoints, { ...typeOf(Endpoints), metadata, subsets });
}

async function writeSlice(
  view: ClusterView,
  kind: ResourceKind<EndpointSlice>,
  { service, pods }: { readonly service: Service; readonly pods: readonly Pod[] },
): Promise<void> {
  const name = `${nameOf(service)}-lab`;
  const [first] = pods;
  const ports = first === undefined ? [] : portsOf(service, first);
  const body = {
    endpoints: pods.map((pod) => ({
      addresses: [announcedAddress(pod.status?.podIP ?? "")],
      conditions: { ready: isReady(pod) },
      targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    })),
    ports: ports.map(({ name: portName = "", port, protocol }) => ({
      name: portName,
      port,
      protocol,
    })),
  };
  const known = view.watch(kind).find(`${namespaceOf(service)}/${name}`);
  if (known !== undefined) {
    const current = { endpoints: known.endpoints, ports: known.ports };
    if (!isDeepStrictEqual(current, body)) await view.change(kind, known, body);
    return;
  }
  const metadata = {
    name,
    namespace: namespaceOf(service),
    labels: { ...service.metadata.labels, "kubernetes.io/service-name": nameOf(service) },
    ownerReferences: [controllerReference(Service, service)],
  };
  await view.create(kind, {
    ...typeOf(kind),
    metadata,
    addressType: "IPv4",
    ...body,
  });
}

async function removeEndpoints(view: ClusterView, key: string): Promise<undefined> {
  const known = view.watch(Endpoints).find(key);
  if (known !== undefined) await view.remove(Endpoints, known);
  return undefined;
}
