import { Endpoints, Service } from "./kinds/cluster-objects.ts";
import type { ServicePort } from "./kinds/cluster-objects.ts";
import { isDeleting, keyOf } from "./kinds/lab-kind.ts";
import { Pod } from "./kinds/pod.ts";
import type { NetworkLink } from "./network-link.ts";
import type { ClusterView } from "./runtime/cluster-view.ts";
import { reasonOf } from "./runtime/cluster-view.ts";
import { onChangeOf, runController } from "./runtime/controller.ts";
import type { Running } from "./runtime/controller.ts";
import { eventRecorder } from "./runtime/event-recorder.ts";
import { serviceTargets } from "./service-targets.ts";
import { tcpProxy } from "./tcp-proxy.ts";
import type { Target, TcpProxy } from "./tcp-proxy.ts";

type Listener = { readonly host: string; readonly port: number; readonly servicePort: ServicePort };

export type ServiceProxyOptions = {
  readonly view: ClusterView;
  /** First two octets of the addresses given to services of type LoadBalancer. */
  readonly loadBalancerNetwork: string;
  /** What all bytes pass; as fast as this machine when absent. */
  readonly link?: NetworkLink | undefined;
};

/** Listens on every address of every Service and passes connections on to its ready pods. */
export function startServiceProxy(options: ServiceProxyOptions): Running {
  const { view, loadBalancerNetwork, link } = options;
  const open = new Map<string, Map<string, TcpProxy>>();
  const events = eventRecorder(view, "kube-proxy");

  const listen = async (service: Service, listener: Listener): Promise<TcpProxy> => {
    const { host, port, servicePort } = listener;
    const target = targetOf(view, keyOf(service), servicePort.name);
    try {
      return await tcpProxy({ host, port, target, link });
    } catch (error) {
      events.warning(
        service,
        "PortNotOpened",
        `Cannot listen on ${host}:${port}: ${reasonOf(error)}`,
      );
      throw error;
    }
  };
  const reconcile = async (key: string): Promise<undefined> => {
    const service = view.watch(Service).find(key);
    if (service === undefined || isDeleting(service)) return closeAll(open, key);
    await ensureIngress(view, service, loadBalancerNetwork);
    const wanted = new Map(listenersOf(service).map((one) => [nameOfListener(one), one]));
    const listening = open.get(key) ?? new Map<string, TcpProxy>();
    open.set(key, listening);
    for (const [name, proxy] of listening) {
      if (wanted.has(name)) continue;
      listening.delete(name);
      await proxy.close();
    }
    for (const [name, listener] of wanted) {
      if (!listening.has(name)) listening.set(name, await listen(service, listener));
    }
    return undefined;
  };
  view.watch(Endpoints);
  view.watch(Pod);
  const running = runController(view, {
    name: "kube-proxy",
    triggers: [onChangeOf(Service, (service) => [keyOf(service)])],
    reconcile,
  });
  return {
    async close() {
      await running.close();
      await Promise.all([...open.keys()].map((key) => closeAll(open, key)));
    },
  };
}

async function closeAll(open: Map<string, Map<string, TcpProxy>>, key: string): Promise<undefined> {
  const proxies = [...(open.get(key)?.values() ?? [])];
  open.delete(key);
  await Promise.all(proxies.map((proxy) => proxy.close()));
  return undefined;
}

function listenersOf(service: Service): Listener[] {
  const { clusterIP, ports = [], type } = service.spec;
  const hasAddress =
    type !== "ExternalName" && clusterIP !== undefined && clusterIP !== "" && clusterIP !== "None";
  if (!hasAddress) return [];
  const ingress = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  return ports
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .flatMap((servicePort) => [
      ...[clusterIP, ...ingress].map((host) => ({ host, port: servicePort.port, servicePort })),
      ...(servicePort.nodePort === undefined
        ? []
        : [{ host: "127.0.0.1", port: servicePort.nodePort, servicePort }]),
    ]);
}

function nameOfListener({ host, port, servicePort }: Listener): string {
  return `${host}:${port}/${servicePort.name ?? ""}`;
}

/** Takes ready pods in turn. */
function targetOf(
  view: ClusterView,
  key: string,
  portName: string | undefined,
): () => Target | undefined {
  let turn = 0;
  return () => {
    const targets = serviceTargets(
      view,
      view.watch(Endpoints).find(key),
      ({ name }) => (name ?? "") === (portName ?? ""),
    );
    turn += 1;
    return targets[turn % Math.max(1, targets.length)];
  };
}

async function ensureIngress(view: ClusterView, service: Service, network: string): Promise<void> {
  const isPending = (service.status?.loadBalancer?.ingress ?? []).length === 0;
  if (service.spec.type !== "LoadBalancer" || !isPending) return;
  const suffix = service.spec.clusterIP?.split(".").slice(2).join(".") ?? "0.1";
  const ingress = [{ ip: `${network}.${suffix}` }];
  const stored = await view.changeStatus(Service, service, { loadBalancer: { ingress } });
  if (stored !== undefined) Object.assign(service, stored);
}
