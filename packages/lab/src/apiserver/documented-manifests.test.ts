import { readFile, readdir } from "node:fs/promises";
import {
  apiVersionOf,
  CustomResourceDefinition,
  migrationKinds,
  Namespace,
  openshiftKinds,
  Secret,
  veleroKinds,
  type KubeObject,
  type ResourceKind,
} from "@drover/crds";
import { connect, type Cluster } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { untilEstablished } from "../openshift/install-kinds.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import type { ApiServer } from "./api-server-options.ts";
import { startApiServer } from "./api-server.ts";

const crds = new URL("../../../crds/", import.meta.url);
const definitions = await readManifests(new URL("manifests/", crds));
const fixture = new URL("src/documented-manifests.fixture.yaml", crds);
const documented = parseAllDocuments(await readFile(fixture, "utf8")).map(
  (document) => document.toJS() as KubeObject,
);
const kinds: readonly ResourceKind[] = [...migrationKinds, ...veleroKinds, Secret];

let server: ApiServer;
let cluster: Cluster;

beforeAll(async () => {
  const authority = await createAuthority("test");
  const tls = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  server = await startApiServer({
    name: "test",
    tls: { caPem: authority.certPem, certPem: tls.certPem, keyPem: tls.keyPem },
    staticTokens: { admin: { username: "admin", groups: ["system:masters"] } },
  });
  cluster = connect({ url: server.url, caPem: server.caPem, token: "admin" });
  for (const definition of definitions) await cluster.create(CustomResourceDefinition, definition);
  await untilEstablished(
    cluster,
    definitions.map(({ metadata }) => metadata.name ?? ""),
  );
  const namespaces = new Set(documented.map(({ metadata }) => metadata.namespace ?? "anywhere"));
  for (const name of namespaces) {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    if ((await cluster.find(Namespace, { name })) === undefined) {
      await cluster.create(Namespace, namespace);
    }
  }
});

afterAll(async () => {
  await cluster?.close();
  await server?.close();
});

async function readManifests(directory: URL): Promise<CustomResourceDefinition[]> {
  const names = (await readdir(directory)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), "utf8");
      return parse(text) as CustomResourceDefinition;
    }),
  );
}

function kindOf(manifest: KubeObject): ResourceKind {
  const kind = kinds.find(
    (one) => one.kind === manifest.kind && apiVersionOf(one) === manifest.apiVersion,
  );
  if (kind === undefined) throw new Error(`no schema of ${manifest.apiVersion} ${manifest.kind}`);
  return kind;
}

/**
 * A manifest as someone hands it in: with a namespace, and the null that generators write. Where the documents show an
 * object as a server gave it out, the version it had there is left away, as every server demands.
 */
function handedIn(manifest: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = manifest.metadata;
  return {
    ...manifest,
    metadata: { namespace: "anywhere", ...metadata, creationTimestamp: null },
  };
}

test("the generated definitions are served under every name they give", async () => {
  const served = await cluster.discovery();
  for (const { spec } of definitions) {
    const { plural, kind } = spec.names;
    const { group } = spec;
    const version = spec.versions[0]?.name;
    expect(served).toContainEqual(expect.objectContaining({ group, version, kind, plural }));
  }
  expect(definitions).toHaveLength(migrationKinds.length + veleroKinds.length);
});

test("the stand-ins of OpenShift's kinds are no part of the manifests", () => {
  const groups = new Set(openshiftKinds.map(({ group }) => group));
  expect(definitions.filter(({ spec }) => groups.has(spec.group))).toEqual([]);
});

test.each(documented)(
  "a documented manifest is accepted without being written: $kind $metadata.name",
  async (manifest) => {
    const kind = kindOf(manifest);
    const wanted = handedIn(manifest);
    const answer = await cluster.create(kind, wanted, { dryRun: true });
    expect(answer.metadata.creationTimestamp).toMatch(/^\d{4}-/);
    expect(await cluster.find(kind, refOf(wanted))).toBeUndefined();
  },
);

test.each(documented.filter(({ kind }) => kind !== "Secret"))(
  "a documented manifest comes back with every field, and one no schema knows: $kind $metadata.name",
  async (manifest) => {
    const kind = kindOf(manifest);
    const spec = { ...(manifest as { spec?: object }).spec, newerField: { deep: [1, "x"] } };
    const wanted = { ...handedIn(manifest), spec };
    await cluster.create(kind, wanted);
    const kept = await cluster.get(kind, refOf(wanted));
    const { metadata: _, ...content } = wanted;
    expect(kept).toMatchObject(content);
    expect(kept.metadata.labels).toEqual(manifest.metadata.labels);
    await cluster.delete(kind, refOf(wanted));
  },
);

function refOf({ metadata: { name = "", namespace = "" } }: KubeObject): {
  name: string;
  namespace: string;
} {
  return { name, namespace };
}
