import { Route } from "@drover/crds";
import { Endpoints } from "../../node/kinds/cluster-objects.ts";
import { Pod } from "../../node/kinds/pod.ts";
import { namespaceOf, uidOf } from "../../node/kinds/lab-kind.ts";
import type { ClusterView } from "../../node/runtime/cluster-view.ts";
import { serviceTargets } from "../../node/service-targets.ts";
import type { Target } from "../../node/tcp-proxy.ts";

/** The admitted Routes of a cluster, and where their requests go. */
export type RouteTable = {
  hasHost(host: string): boolean;
  /** The route of a host with the longest path that fits. */
  find(host: string, path?: string): Route | undefined;
  /** A ready pod of the route's Service, in turn. */
  target(route: Route): Target | undefined;
};

export function routeTable(view: ClusterView): RouteTable {
  const routes = view.watch(Route);
  const endpoints = view.watch(Endpoints);
  view.watch(Pod);
  const turns = new Map<string, number>();
  const ofHost = (host: string): Route[] =>
    routes.list().filter((route) => route.spec.host === host && isAdmitted(route));
  return {
    hasHost: (host) => ofHost(host).length > 0,
    find: (host, path = "/") =>
      ofHost(host)
        .filter((route) => isBelow(path, pathOf(route)))
        .toSorted((a, b) => pathOf(b).length - pathOf(a).length)[0],
    target(route) {
      const key = `${namespaceOf(route)}/${route.spec.to.name}`;
      const wanted = route.spec.port?.targetPort;
      const targets = serviceTargets(view, endpoints.find(key), (port) => isPort(port, wanted));
      const turn = (turns.get(uidOf(route)) ?? -1) + 1;
      turns.set(uidOf(route), turn);
      return targets[turn % Math.max(1, targets.length)];
    },
  };
}

function isAdmitted({ spec, status }: Route): boolean {
  return (status?.ingress ?? []).some(
    ({ host, conditions }) =>
      host === spec.host &&
      conditions?.some((one) => one.type === "Admitted" && one.status === "True"),
  );
}

function pathOf({ spec: { path = "/" } }: Route): string {
  return path;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** A route names a port of its pods by number, or by the name it has in the Service; without either, the first one. */
function isPort(
  { name, port }: { name?: string; port: number },
  wanted: string | number | undefined,
): boolean {
  if (wanted === undefined) return true;
  return name === String(wanted) || String(port) === String(wanted);
}
