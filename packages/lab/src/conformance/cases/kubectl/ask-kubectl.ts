import assert from "node:assert/strict";
import type { Body, Json } from "../../api-client.ts";
import type { CaseContext, ConformanceCase } from "../../conformance-case.ts";
import type { KubectlResult } from "../../kubectl.ts";

/** A case that is asked with each kubectl at hand. */
export function kubectlCase(
  name: string,
  run: (context: CaseContext) => Promise<void>,
  more: Partial<ConformanceCase> = {},
): ConformanceCase {
  return { name, needs: "kubectl", run, ...more };
}

/** What kubectl printed; fails when it did. */
export async function ok(
  context: CaseContext,
  args: readonly string[],
  input?: Json,
): Promise<string> {
  const result = await context.kubectl(args, input && JSON.stringify(input));
  assert.equal(result.code, 0, describeRun(args, result));
  return result.out;
}

/** What kubectl complained of; fails when it did not. */
export async function refused(
  context: CaseContext,
  args: readonly string[],
  input?: Json,
): Promise<string> {
  const result = await context.kubectl(args, input && JSON.stringify(input));
  assert.notEqual(result.code, 0, describeRun(args, result));
  return result.err;
}

/** An object of the case's namespace as the server has it: `stored(context, "apps/v1", "deployments/d")`. */
export async function stored(
  { api, path }: CaseContext,
  apiVersion: string,
  rest: string,
): Promise<Body> {
  const answer = await api.get(path(apiVersion, rest));
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

export function describeRun(args: readonly string[], { code, out, err }: KubectlResult): string {
  return `kubectl ${args.join(" ")} ended with ${code}: ${out}${err}`;
}
