import { connect } from "@drover/kube";
import { expect, onTestFinished, test } from "vitest";
import { startApiServer } from "../../apiserver/api-server.ts";
import { createAuthority, issueCertificate } from "../../tls/certificate-authority.ts";
import { ConfigMap, Namespace } from "../kinds/cluster-objects.ts";
import { typeOf } from "../kinds/lab-kind.ts";
import { watchObjects } from "./watched-objects.ts";

async function watched() {
  const authority = await createAuthority("watched");
  const pair = await issueCertificate(authority, { commonName: "watched", hosts: ["127.0.0.1"] });
  const server = await startApiServer({
    name: "watched",
    tls: { caPem: authority.certPem, ...pair },
    staticTokens: { admin: { username: "admin", groups: ["system:masters"] } },
  });
  const cluster = connect({ url: server.url, caPem: authority.certPem, token: "admin" });
  await cluster.create(Namespace, { ...typeOf(Namespace), metadata: { name: "here" } });
  const objects = watchObjects(cluster, ConfigMap, () => undefined);
  onTestFinished(async () => {
    objects.close();
    await cluster.close();
    await server.close();
  });
  await objects.ready;
  return { cluster, objects };
}

const map = { ...typeOf(ConfigMap), metadata: { name: "a", namespace: "here" } };

test("a write is known before the watch tells of it", async () => {
  const { cluster, objects } = await watched();
  const made = await cluster.create(ConfigMap, map);
  objects.remember(made);
  expect(objects.find("here/a")).toBeDefined();
  expect(objects.list("here")).toHaveLength(1);
});

test("an object whose end was heard of does not come back with the answer to a write", async () => {
  const { cluster, objects } = await watched();
  const made = await cluster.create(ConfigMap, map);
  await expect.poll(() => objects.find("here/a")).toBeDefined();
  await cluster.delete(ConfigMap, { name: "a", namespace: "here" });
  await expect.poll(() => objects.find("here/a")).toBeUndefined();
  objects.remember({ ...made, metadata: { ...made.metadata, resourceVersion: "999999" } });
  expect(objects.find("here/a")).toBeUndefined();
  expect(objects.list("here")).toEqual([]);
});

test("another object of the same name is not taken for the one that ended", async () => {
  const { cluster, objects } = await watched();
  await cluster.create(ConfigMap, map);
  await expect.poll(() => objects.find("here/a")).toBeDefined();
  await cluster.delete(ConfigMap, { name: "a", namespace: "here" });
  await expect.poll(() => objects.find("here/a")).toBeUndefined();
  objects.remember(await cluster.create(ConfigMap, map));
  expect(objects.find("here/a")).toBeDefined();
});
