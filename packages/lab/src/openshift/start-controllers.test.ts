import { ImageStream, Namespace, Project, Route, SecurityContextConstraints } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLabCluster, type LabCluster } from "../velero/testing/lab-cluster.ts";
import { installOpenshiftKinds } from "./install-kinds.ts";
import { openshiftRoutes } from "./routes/openshift-routes.ts";
import { startOpenshiftControllers, type OpenshiftControllers } from "./start-controllers.ts";

let lab: LabCluster;
let controllers: OpenshiftControllers;

beforeAll(async () => {
  lab = await startLabCluster("source", {
    extraRoutes: openshiftRoutes({ cluster: () => lab.cluster }),
  });
  await installOpenshiftKinds(lab.cluster);
  controllers = await startOpenshiftControllers({ cluster: lab.cluster, clusterName: "source" });
  for (const name of ["one", "two"]) {
    await lab.cluster.create(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
  }
});

afterAll(async () => {
  await controllers.close();
  await lab.close();
});

function route(name: string, host?: string): Route {
  return {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: { name, namespace: "one" },
    spec: { to: { kind: "Service", name: "web" }, ...(host === undefined ? {} : { host }) },
  };
}

async function admitted(name: string): Promise<string | undefined> {
  const found = await lab.cluster.get(Route, { name, namespace: "one" });
  return found.status?.ingress?.[0]?.conditions?.[0]?.status;
}

test("gives a route a host of the cluster's domain and admits it", async () => {
  await lab.cluster.create(Route, route("shop"));
  await expect.poll(() => admitted("shop")).toBe("True");
  const found = await lab.cluster.get(Route, { name: "shop", namespace: "one" });
  expect(found.spec.host).toBe("shop-one.apps.source.lab.drover.dev");
  expect(found.metadata.annotations).toEqual({ "openshift.io/host.generated": "true" });
  expect(found.status?.ingress?.[0]?.host).toBe(found.spec.host);
});

test("gives a host to one route only, and to the next when that one is deleted", async () => {
  const names = ["first", "second"];
  for (const name of names) await lab.cluster.create(Route, route(name, "www.example.com"));
  const verdicts = (): Promise<(string | undefined)[]> => Promise.all(names.map(admitted));
  await expect.poll(async () => (await verdicts()).toSorted()).toEqual(["False", "True"]);
  const [winner, loser] = (await admitted("first")) === "True" ? names : names.toReversed();
  await lab.cluster.delete(Route, { name: winner ?? "", namespace: "one" });
  await expect.poll(() => admitted(loser ?? "")).toBe("True");
});

test("gives each namespace its own range of user ids", async () => {
  const range = "openshift.io/sa.scc.uid-range";
  const ranges = async (): Promise<(string | undefined)[]> =>
    (await lab.cluster.list(Namespace)).map(({ metadata }) => metadata.annotations?.[range]);
  await expect.poll(async () => (await ranges()).every((value) => value !== undefined)).toBe(true);
  const given = await ranges();
  expect(new Set(given).size).toBe(given.length);
  expect(given.every((value) => /^1\d{9}\/10000$/.test(value ?? ""))).toBe(true);
});

test("says where the images of a stream belong", async () => {
  await lab.cluster.create(ImageStream, {
    apiVersion: "image.openshift.io/v1",
    kind: "ImageStream",
    metadata: { name: "app", namespace: "two" },
  });
  const repository = async (): Promise<string | undefined> =>
    (await lab.cluster.get(ImageStream, { name: "app", namespace: "two" })).status
      ?.dockerImageRepository;
  await expect.poll(repository).toBe("image-registry.openshift-image-registry.svc:5000/two/app");
});

test("comes with the stock security context constraints", async () => {
  const names = (await lab.cluster.list(SecurityContextConstraints)).map(
    (scc) => scc.metadata.name,
  );
  expect(names).toEqual(expect.arrayContaining(["restricted-v2", "anyuid", "privileged"]));
});

test("serves namespaces as projects", async () => {
  const projects = await lab.cluster.list(Project);
  expect(projects.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(["one", "two"]),
  );
  const project = await lab.cluster.get(Project, { name: "one" });
  expect(project).toMatchObject({ kind: "Project", status: { phase: "Active" } });
  expect(await lab.cluster.find(Project, { name: "three" })).toBeUndefined();
});
