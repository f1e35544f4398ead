import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("without any settings the lab is where the documents say", () => {
  expect(readConfig({})).toMatchObject({
    stateDir: ".drover",
    ports: { host: 6443, source: 6444, edge: 6445, objectStore: 9000, oauth: 6480 },
    redirectUris: [
      "http://localhost:3000/api/auth/callback",
      "http://127.0.0.1:3000/api/auth/callback",
    ],
  });
});

test("the browser is sent back to the port Drover listens on", () => {
  expect(readConfig({ DROVER_PORT: "8088" }).redirectUris[0]).toContain("localhost:8088");
});

test.each(["0.0.0.0", "::", "192.168.1.4", "lab.example.com"])(
  "the lab refuses to listen on %s",
  (host) => expect(() => readConfig({ DROVER_LAB_HOST: host })).toThrow(/loopback only/),
);

test("volumes that can be full are there on request", () => {
  expect(readConfig({}).sizedVolumes).toBe(false);
  expect(readConfig({ DROVER_LAB_SIZED_VOLUMES: "1" }).sizedVolumes).toBe(true);
  expect(() => readConfig({ DROVER_LAB_SIZED_VOLUMES: "yes" })).toThrow(/SIZED_VOLUMES/);
});

test("scale is all of it, or as much as is asked for", () => {
  expect(readConfig({}).scale).toBeUndefined();
  const full = { namespaces: 10_000, pods: 30_000, claims: 2_000 };
  expect(readConfig({ DROVER_LAB_SCALE: "1" }).scale).toEqual(full);
  const some = { namespaces: 100, pods: 300, claims: 20 };
  expect(readConfig({ DROVER_LAB_SCALE: "100/300/20" }).scale).toEqual(some);
  expect(() => readConfig({ DROVER_LAB_SCALE: "lots" })).toThrow(/DROVER_LAB_SCALE: say 1/);
});

test("a port that is none is named", () => {
  expect(() => readConfig({ DROVER_LAB_S3_PORT: "many" })).toThrow(/DROVER_LAB_S3_PORT/);
  expect(() => readConfig({ DROVER_LAB_S3_PORT: "70000" })).toThrow(/DROVER_LAB_S3_PORT/);
});
