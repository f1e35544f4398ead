import { createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { requireFreePorts } from "./free-ports.ts";
import { settingsFrom } from "./settings.ts";

test("a lab is started unless a real cluster is named", () => {
  expect(settingsFrom({}).hasLab).toBe(true);
  const real = settingsFrom({ DROVER_KUBECONFIG: "/somewhere" });
  expect(real.hasLab).toBe(false);
  expect(real.ports.map(({ variable }) => variable)).toEqual([
    "DROVER_PORT",
    "DROVER_CONTROLLER_PORT",
  ]);
});

test.each([
  [{ DROVER_PORT: "http" }, 'DROVER_PORT is "http"'],
  [{ DROVER_PORT: "70000" }, "1 to 65535"],
  [{ DROVER_PORT: "9000" }, "DROVER_PORT and DROVER_LAB_S3_PORT both say 9000."],
])("refuses %j with a sentence", (env, message) => {
  expect(() => settingsFrom(env)).toThrow(message);
});

test("a taken port is named with the variable that changes it", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ports = settingsFrom({ DROVER_PORT: String(port) }).ports.slice(0, 1);
  await expect(requireFreePorts(ports)).rejects.toThrow(
    `${port} (console and API) is taken by another program; DROVER_PORT chooses another`,
  );
});
