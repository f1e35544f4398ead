import { Route, Service, apiVersionOf } from "@drover/crds";
import type { EndpointType } from "../settings/cluster-settings.ts";
import { SERVER_LABEL } from "./transfer-pods.ts";
import type { TransferAddress } from "./transfer-pods.ts";
import {
  RUN_LABEL,
  TRANSFER_PORT,
  shortHash,
  transferLabels,
  transferNames,
} from "./transfer-run.ts";
import type { TransferRun } from "./transfer-run.ts";

const SERVICE_TYPES = {
  Route: "ClusterIP",
  ClusterIP: "ClusterIP",
  NodePort: "NodePort",
  LoadBalancer: "LoadBalancer",
} as const satisfies Record<EndpointType, string>;

/** A DNS label holds 63 characters. */
const MAX_LABEL = 63;

export function transferService(run: TransferRun, namespace: string, type: EndpointType): Service {
  return {
    apiVersion: apiVersionOf(Service),
    kind: Service.kind,
    metadata: { name: transferNames.endpoint(run), namespace, labels: transferLabels(run) },
    spec: {
      type: SERVICE_TYPES[type],
      selector: { [RUN_LABEL]: run.uid, [SERVER_LABEL]: "true" },
      ports: [
        { name: "transfer", port: TRANSFER_PORT, targetPort: TRANSFER_PORT, protocol: "TCP" },
      ],
    },
  };
}

/** TLS passes through: the router sees no more than the name. */
export function transferRoute(
  run: TransferRun,
  namespace: string,
  subdomain: string | undefined,
): Route {
  return {
    apiVersion: apiVersionOf(Route),
    kind: Route.kind,
    metadata: { name: transferNames.endpoint(run), namespace, labels: transferLabels(run) },
    spec: {
      ...(subdomain === undefined ? {} : { host: routeHost(run, namespace, subdomain) }),
      port: { targetPort: TRANSFER_PORT },
      to: { kind: "Service", name: transferNames.endpoint(run) },
      tls: { termination: "passthrough" },
    },
  };
}

function routeHost(run: TransferRun, namespace: string, subdomain: string): string {
  const readable = `${transferNames.endpoint(run)}-${namespace}`;
  const label =
    readable.length <= MAX_LABEL
      ? readable
      : `${transferNames.endpoint(run)}-${shortHash(namespace)}`;
  return `${label}.${subdomain}`;
}

/** Where clients reach a Service; undefined while the cluster has not given it an address. */
export function serviceAddress(
  service: Service,
  type: Exclude<EndpointType, "Route">,
  nodeAddress: string | undefined,
): TransferAddress | undefined {
  const port = service.spec.ports?.[0];
  if (port === undefined) return undefined;
  switch (type) {
    case "NodePort":
      return address(nodeAddress, port.nodePort);
    case "ClusterIP":
      return address(service.spec.clusterIP, port.port);
    case "LoadBalancer":
      return address(balancerAddress(service), port.port);
  }
}

function balancerAddress({ status }: Service): string | undefined {
  const ingress = status?.loadBalancer?.ingress?.[0];
  return ingress?.hostname ?? ingress?.ip;
}

/** The admitted host of a Route; undefined while no router has admitted it. */
export function routeAddress(route: Route): TransferAddress | undefined {
  const admitted = route.status?.ingress?.find(({ conditions }) =>
    conditions?.some(({ type, status }) => type === "Admitted" && status === "True"),
  );
  return address(admitted?.host, 443);
}

function address(host: string | undefined, port: number | undefined): TransferAddress | undefined {
  return host && port ? { host, port } : undefined;
}
