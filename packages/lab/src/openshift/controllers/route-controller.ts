import { Route } from "@drover/crds";
import { KubeError, liveStore, type Cluster, type LiveStore } from "@drover/kube";
import { WorkQueue } from "../../velero/work-queue.ts";

export type RouteControllerOptions = {
  readonly cluster: Cluster;
  /** What generated host names end with. */
  readonly routeDomain: string;
  readonly onProblem: (key: string, error: unknown) => void;
};

const generatedHost = "openshift.io/host.generated";
const routerName = "default";

type Admission = {
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
};

function claimOf(route: Route): string {
  return `${route.spec.host ?? ""}|${route.spec.path ?? ""}`;
}

function isOlder(one: Route, other: Route): boolean {
  const [a, b] = [one.metadata.creationTimestamp ?? "", other.metadata.creationTimestamp ?? ""];
  return a === b ? (one.metadata.uid ?? "") < (other.metadata.uid ?? "") : a < b;
}

/** The oldest route of a host and path has it; the others are told who that is. */
function admissionOf(route: Route, routes: readonly Route[]): Admission {
  const rival = routes.find(
    (other) =>
      other.metadata.uid !== route.metadata.uid &&
      claimOf(other) === claimOf(route) &&
      isOlder(other, route),
  );
  if (rival === undefined) return { status: "True" };
  const { name, namespace } = rival.metadata;
  const message = `route ${name} in namespace ${namespace} already exposes ${route.spec.host} and is older`;
  return { status: "False", reason: "HostAlreadyClaimed", message };
}

function isAnnounced(route: Route, admission: Admission): boolean {
  const ingress = route.status?.ingress?.find((entry) => entry.routerName === routerName);
  const condition = ingress?.conditions?.find(({ type }) => type === "Admitted");
  return ingress?.host === route.spec.host && condition?.status === admission.status;
}

/** Gives each Route a host name and says whether the router admitted it. */
export class RouteController {
  readonly #options: RouteControllerOptions;
  readonly #routes: LiveStore<Route>;
  readonly #queue: WorkQueue;

  constructor(options: RouteControllerOptions) {
    this.#options = options;
    const { onProblem } = options;
    this.#queue = new WorkQueue({ concurrency: 4, work: (key) => this.#reconcile(key), onProblem });
    this.#routes = liveStore(options.cluster, Route);
    this.#routes.subscribe(({ object, type }) => this.#wake(object, type === "DELETED"));
  }

  async close(): Promise<void> {
    this.#routes.close();
    await this.#queue.close();
  }

  /** A host that became free may be had by a route that was refused it. */
  #wake(route: Route, isGone: boolean): void {
    const rivals = isGone
      ? this.#routes.list().filter((other) => claimOf(other) === claimOf(route))
      : [route];
    for (const { metadata } of rivals) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
  }

  async #reconcile(key: string): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const route = this.#routes.get({ namespace, name });
    if (route === undefined || route.metadata.deletionTimestamp !== undefined) return;
    try {
      if (route.spec.host === undefined || route.spec.host === "") await this.#giveHost(route);
      else await this.#admit(route);
    } catch (error) {
      if (!(error instanceof KubeError && error.isNotFound)) throw error;
    }
  }

  async #giveHost(route: Route): Promise<void> {
    const { name = "", namespace = "" } = route.metadata;
    const host = `${name}-${namespace}.${this.#options.routeDomain}`;
    const body = { metadata: { annotations: { [generatedHost]: "true" } }, spec: { host } };
    await this.#options.cluster.patch(Route, { name, namespace }, { type: "merge", body });
  }

  async #admit(route: Route): Promise<void> {
    const admission = admissionOf(route, this.#routes.list());
    if (isAnnounced(route, admission)) return;
    const { name = "", namespace = "" } = route.metadata;
    const lastTransitionTime = new Date().toISOString().replace(/\.\d{3}Z$/, "Z");
    const ingress = {
      host: route.spec.host,
      routerName,
      routerCanonicalHostname: `router-default.${this.#options.routeDomain}`,
      wildcardPolicy: "None",
      conditions: [{ type: "Admitted", ...admission, lastTransitionTime }],
    };
    const patch = { type: "merge", body: { status: { ingress: [ingress] } } } as const;
    await this.#options.cluster.patchSubresource(Route, { name, namespace }, "status", patch);
  }
}
