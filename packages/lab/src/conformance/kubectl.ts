import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { ServerUnderTest } from "./server-under-test.ts";

const PLACES = ["/usr/local/bin", "/usr/bin", "/bin"];

/** The kubectl of this machine; undefined when it has none. */
export function findKubectl(searchPath: string = PLACES.join(delimiter)): string | undefined {
  return searchPath
    .split(delimiter)
    .map((directory) => join(directory, "kubectl"))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A kubeconfig with which kubectl is the server's administrator. */
export function kubeconfigOf(server: ServerUnderTest): string {
  const name = "server";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: server.url,
          "certificate-authority-data": Buffer.from(server.caPem).toString("base64"),
        },
      },
    ],
    users: [{ name, user: { token: server.adminToken } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
