import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageStream, Namespace } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LabClusterAccess } from "../lab.ts";
import { runningLab } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { skopeo } from "../testing/skopeo.ts";
import type { Skopeo } from "../testing/skopeo.ts";
import { shopImage } from "../workloads/shop-image.ts";

let running: RunningLab;
let client: Skopeo;
let host: Cluster;

beforeAll(async () => {
  running = await runningLab({ clusters: ["host", "source"], openshift: true, seed: true });
  client = await skopeo();
  host = connection("host");
  for (const name of ["shop", "elsewhere"]) {
    await host.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
});

afterAll(async () => {
  await host?.close();
  await client?.close();
  await running?.close();
});

function connection(name: "host" | "source"): Cluster {
  const { url, caPem, adminToken } = running.lab.cluster(name);
  return connect({ url, caPem, token: adminToken });
}

const at = (name: "host" | "source"): LabClusterAccess => running.lab.cluster(name);

async function source(): Promise<string[]> {
  const folder = await client.certificates(at("source"));
  return ["--src-cert-dir", folder, "--src-creds", `anyuser:${at("source").adminToken}`];
}

async function destination(): Promise<string[]> {
  const folder = await client.certificates(at("host"));
  return ["--dest-cert-dir", folder, "--dest-creds", `anyuser:${at("host").adminToken}`];
}

async function single(name: "host" | "source"): Promise<string[]> {
  const folder = await client.certificates(at(name));
  return ["--cert-dir", folder, "--creds", `anyuser:${at(name).adminToken}`];
}

test("skopeo takes the shop's image out of its registry, byte for byte", async () => {
  const place = client.place("out");
  const from = client.address(at("source"), "shop/shop-web:1");
  await client.run("copy", ...(await source()), from, place);
  const folder = place.slice("dir:".length);
  const image = shopImage();
  expect(await readFile(join(folder, "manifest.json"))).toEqual(image.manifest.bytes);
  for (const { digest, bytes } of image.blobs) {
    expect(await readFile(join(folder, digest.replace("sha256:", "")))).toEqual(bytes);
  }
  expect(await readdir(folder)).toHaveLength(image.blobs.length + 2);

  const seen: unknown = JSON.parse(await client.run("inspect", ...(await single("source")), from));
  expect(seen).toMatchObject({
    Digest: image.manifest.digest,
    RepoTags: ["1", "latest"],
    Layers: image.blobs.slice(0, 3).map(({ digest }) => digest),
  });
  const stream = await running.source.get(ImageStream, { namespace: "shop", name: "shop-web" });
  expect(stream.status).toMatchObject({
    dockerImageRepository: "image-registry.openshift-image-registry.svc:5000/shop/shop-web",
    publicDockerImageRepository:
      "default-route-openshift-image-registry.apps.source.lab.drover.dev/shop/shop-web",
    tags: [
      { tag: "1", items: [{ image: image.manifest.digest }] },
      { tag: "latest", items: [{ image: image.manifest.digest }] },
    ],
  });
});

test("skopeo copies between the registries of two clusters, and the image stream tells", async () => {
  const from = client.address(at("source"), "shop/shop-web:1");
  const to = client.address(at("host"), "shop/shop-web:moved");
  await client.run("copy", ...(await source()), ...(await destination()), from, to);
  const raw = await client.run("inspect", "--raw", ...(await single("host")), to);
  expect(Buffer.from(raw)).toEqual(shopImage().manifest.bytes);
  const stream = await host.get(ImageStream, { namespace: "shop", name: "shop-web" });
  expect(stream.status?.tags?.map(({ tag }) => tag)).toEqual(["moved"]);
  expect(stream.status?.tags?.[0]?.items?.[0]?.dockerImageReference).toBe(
    `image-registry.openshift-image-registry.svc:5000/shop/shop-web@${shopImage().manifest.digest}`,
  );
});

test("Docker's own manifest types go in and come out, and what is deleted is gone", async () => {
  const place = client.place("docker");
  const from = client.address(at("source"), "shop/shop-web:latest");
  await client.run("copy", "--format", "v2s2", ...(await source()), from, place);
  const to = client.address(at("host"), "elsewhere/web:old");
  await client.run("copy", ...(await destination()), place, to);
  const folder = place.slice("dir:".length);
  const raw = await client.run("inspect", "--raw", ...(await single("host")), to);
  expect(raw).toBe(await readFile(join(folder, "manifest.json"), "utf8"));
  expect(raw).toContain("application/vnd.docker.distribution.manifest.v2+json");

  await client.run("delete", ...(await single("host")), to);
  const again = client.run("inspect", ...(await single("host")), to);
  await expect(again).rejects.toThrow(/manifest unknown/);
  const stream = await host.get(ImageStream, { namespace: "elsewhere", name: "web" });
  expect(stream.status?.tags ?? []).toEqual([]);
});

test("a token that may not pull is refused, and one nobody knows cannot sign in", async () => {
  const folder = await client.certificates(at("source"));
  const from = client.address(at("source"), "shop/shop-web:1");
  const asking = (password: string) =>
    client.run("inspect", "--cert-dir", folder, "--creds", `dev:${password}`, from);
  await expect(asking(at("source").devToken)).rejects.toThrow(/denied/);
  await expect(asking("no-such-token")).rejects.toThrow(/unauthorized|authentication required/);
  const nobody = client.run("inspect", "--no-creds", "--cert-dir", folder, from);
  await expect(nobody).rejects.toThrow(/unauthorized|authentication required/);
  const login = ["login", "--cert-dir", folder, "--username", "anyuser", "--password"];
  const registry = at("source").registryAddress ?? "";
  await expect(client.run(...login, "wrong", registry)).rejects.toThrow(/invalid username/);
  await client.run(...login, at("source").adminToken, registry);
});
