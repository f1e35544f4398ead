import { afterAll, beforeAll, expect, test } from "vitest";
import { runningLab } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { ConfigMap, Service } from "./kinds/cluster-objects.ts";
import { typeOf } from "./kinds/lab-kind.ts";
import { Pod } from "./kinds/pod.ts";

let running: RunningLab;
const namespace = "default";

beforeAll(async () => {
  running = await runningLab();
});
afterAll(() => running.close());

async function page(name: string): Promise<void> {
  const meta = { name, namespace };
  await running.source.create(ConfigMap, {
    ...typeOf(ConfigMap),
    metadata: meta,
    data: { name: `${name}\n` },
  });
  await running.source.create(Pod, {
    ...typeOf(Pod),
    metadata: { ...meta, labels: { app: "balanced" } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "c",
          image: "drover.lab/http:1",
          readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
          volumeMounts: [{ name: "page", mountPath: "/usr/share/www" }],
        },
      ],
      volumes: [{ name: "page", configMap: { name } }],
    },
  });
}

test("a Service of type LoadBalancer gets an address that answers, in turn from each pod", async () => {
  const ref = { namespace, name: "balanced" };
  await running.source.create(Service, {
    ...typeOf(Service),
    metadata: { ...ref },
    spec: {
      type: "LoadBalancer",
      selector: { app: "balanced" },
      ports: [{ port: 8081, targetPort: 8080 }],
    },
  });
  const address = async () =>
    (await running.source.get(Service, ref)).status?.loadBalancer?.ingress?.[0]?.ip;
  await expect.poll(address).toMatch(/^127\./);
  const ip = (await address()) ?? "";
  expect(ip).not.toBe((await running.source.get(Service, ref)).spec.clusterIP);

  const fetched = () =>
    fetch(`http://${ip}:8081/name`, { headers: { connection: "close" } }).then(
      (response) => response.text(),
      () => "nobody",
    );
  expect(await fetched()).toBe("nobody");
  await page("first");
  await page("second");
  const answers = async () => [await fetched(), await fetched()].toSorted();
  await expect.poll(answers).toEqual(["first\n", "second\n"]);
  await running.source.delete(Pod, { namespace, name: "first" });
  await expect.poll(answers).toEqual(["second\n", "second\n"]);

  await running.source.delete(Service, ref);
  await expect.poll(fetched).toBe("nobody");
});

test("load balancers have addresses of their own", async () => {
  for (const name of ["one", "two"]) {
    await running.source.create(Service, {
      ...typeOf(Service),
      metadata: { name, namespace },
      spec: { type: "LoadBalancer", selector: { app: "balanced" }, ports: [{ port: 8081 }] },
    });
  }
  const addresses = async () => {
    const services = await running.source.list(Service, { namespace });
    return services.flatMap(({ status }) => status?.loadBalancer?.ingress?.[0]?.ip ?? []);
  };
  await expect.poll(async () => new Set(await addresses()).size).toBe(2);
});
