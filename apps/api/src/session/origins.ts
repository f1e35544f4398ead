import type { Config } from "../config.ts";
import { isLoopback } from "../config.ts";

/** The hosts people may use to reach the console. On loopback, its names and addresses mean the same. */
export function publicHosts({ publicUrl }: Pick<Config, "publicUrl">): ReadonlySet<string> {
  if (!isLoopback(publicUrl.hostname)) return new Set([publicUrl.host]);
  const port = publicUrl.port === "" ? "" : `:${publicUrl.port}`;
  return new Set([
    publicUrl.host,
    ...["localhost", "127.0.0.1", "[::1]"].map((name) => `${name}${port}`),
  ]);
}

export function originOf(config: Pick<Config, "publicUrl">, host: string): string {
  return `${config.publicUrl.protocol}//${host}`;
}
