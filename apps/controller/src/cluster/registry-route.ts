import { request } from "node:https";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import { messageOf } from "../runtime/pass.ts";

export type RegistryProbe = {
  /** Host with an optional port and path, without scheme. */
  readonly path: string;
  readonly subPath: string;
  readonly token: string;
  readonly caPem?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly signal: AbortSignal;
};

const TIMEOUT_MS = 5_000;

/** The registry address without scheme and trailing slashes; undefined when there is none. */
export function registryPathFrom(exposed: string | undefined): string | undefined {
  const path = exposed
    ?.trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "");
  return path ? path : undefined;
}

/** Asks the exposed registry for its catalogue. */
export async function registryProblem(probe: RegistryProbe): Promise<ConditionInput | undefined> {
  const url = `https://${probe.path}${probe.subPath}`;
  const wrong = await wrongWith(url, probe);
  if (wrong === undefined) return undefined;
  return {
    type: "InvalidRegistryRoute",
    category: "Critical",
    reason: "RouteTestFailed",
    message: `The registry at ${url} cannot be used: ${wrong} Correct spec.exposedRegistryPath, or expose the registry with a route.`,
  };
}

async function wrongWith(url: string, probe: RegistryProbe): Promise<string | undefined> {
  if (!URL.canParse(url)) return "that is not an address.";
  try {
    const status = await askStatus(url, probe);
    return status === 200 ? undefined : `it answered HTTP ${status} instead of 200.`;
  } catch (error) {
    return `${messageOf(error)}.`;
  }
}

function askStatus(
  url: string,
  { token, caPem, insecure, signal }: RegistryProbe,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      headers: { authorization: `Bearer ${token}` },
      rejectUnauthorized: insecure !== true,
      ...(caPem === undefined ? {} : { ca: caPem }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    };
    const asked = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject).end();
  });
}
