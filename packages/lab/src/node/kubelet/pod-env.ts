import type { Cluster } from "@drover/kube";
import { ConfigMap, Secret } from "../kinds/cluster-objects.ts";
import type { Service } from "../kinds/cluster-objects.ts";
import { nameOf, namespaceOf } from "../kinds/lab-kind.ts";
import type { Container, EnvFrom, EnvVar, Pod } from "../kinds/pod.ts";
import { podField } from "./pod-fields.ts";

export type EnvSources = {
  readonly cluster: Cluster;
  readonly podIP: string;
  /** Services of the pod's namespace, for the variables that name them. */
  readonly services: readonly Service[];
  /** Set for every container. */
  readonly base: Readonly<Record<string, string>>;
};

type Env = Record<string, string>;

/** The environment of a container, as a kubelet puts it together. Throws when something it names is missing. */
export async function containerEnv(
  pod: Pod,
  container: Container,
  sources: EnvSources,
): Promise<Env> {
  const env: Env = { ...sources.base };
  if (pod.spec.enableServiceLinks !== false) Object.assign(env, serviceVariables(sources.services));
  for (const from of container.envFrom ?? [])
    Object.assign(env, await wholeSource(pod, from, sources));
  for (const variable of container.env ?? []) {
    const value = await valueOf(pod, variable, { sources, env, container });
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

/** Fills in `$(NAME)`; `$$` stands for a dollar sign, and a name nobody set stays as it is written. */
export function expand(text: string, env: Readonly<Env>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? match),
  );
}

type Scope = { readonly sources: EnvSources; readonly env: Env; readonly container: Container };

async function valueOf(pod: Pod, variable: EnvVar, scope: Scope): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (from === undefined) return expand(variable.value ?? "", scope.env);
  if (from.fieldRef !== undefined)
    return podField(pod, from.fieldRef.fieldPath, scope.sources.podIP);
  if (from.resourceFieldRef !== undefined) {
    return resourceOf(scope.container, from.resourceFieldRef.resource);
  }
  if (from.configMapKeyRef !== undefined) {
    const { name, key, optional } = from.configMapKeyRef;
    const values = await configMapValues(pod, name, scope.sources.cluster);
    return keyed(values, { what: `ConfigMap ${name}`, key, isOptional: optional === true });
  }
  if (from.secretKeyRef !== undefined) {
    const { name, key, optional } = from.secretKeyRef;
    const values = await secretValues(pod, name, scope.sources.cluster);
    return keyed(values, { what: `Secret ${name}`, key, isOptional: optional === true });
  }
  return undefined;
}

async function wholeSource(pod: Pod, from: EnvFrom, { cluster }: EnvSources): Promise<Env> {
  const { configMapRef, secretRef, prefix = "" } = from;
  const env: Env = {};
  for (const [kind, ref, read] of [
    ["ConfigMap", configMapRef, configMapValues],
    ["Secret", secretRef, secretValues],
  ] as const) {
    if (ref === undefined) continue;
    const values = await read(pod, ref.name, cluster);
    if (values === undefined && ref.optional !== true) {
      throw new Error(`${kind} ${ref.name} is not there; create it.`);
    }
    for (const [key, value] of Object.entries(values ?? {})) env[prefix + key] = value;
  }
  return env;
}

function keyed(
  values: Env | undefined,
  { what, key, isOptional }: { what: string; key: string; isOptional: boolean },
): string | undefined {
  const value = values?.[key];
  if (value !== undefined || isOptional) return value;
  throw new Error(
    values === undefined
      ? `${what} is not there; create it.`
      : `${what} has no key ${key}; add it.`,
  );
}

async function configMapValues(pod: Pod, name: string, cluster: Cluster): Promise<Env | undefined> {
  return (await cluster.find(ConfigMap, { namespace: namespaceOf(pod), name }))?.data;
}

async function secretValues(pod: Pod, name: string, cluster: Cluster): Promise<Env | undefined> {
  const secret = await cluster.find(Secret, { namespace: namespaceOf(pod), name });
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

function resourceOf(container: Container, resource: string): string {
  const [list, name] = resource.split(".", 2);
  const amounts = list === "limits" ? container.resources?.limits : container.resources?.requests;
  return amounts?.[name ?? ""] ?? "0";
}

function serviceVariables(services: readonly Service[]): Env {
  const env: Env = {};
  for (const service of services) {
    const { clusterIP, ports = [] } = service.spec;
    const [first] = ports;
    if (clusterIP === undefined || clusterIP === "None" || clusterIP === "" || first === undefined)
      continue;
    const prefix = nameOf(service).toUpperCase().replaceAll("-", "_");
    env[`${prefix}_SERVICE_HOST`] = clusterIP;
    env[`${prefix}_SERVICE_PORT`] = String(first.port);
    for (const port of ports) {
      if (port.name === undefined) continue;
      env[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll("-", "_")}`] = String(
        port.port,
      );
    }
  }
  return env;
}
