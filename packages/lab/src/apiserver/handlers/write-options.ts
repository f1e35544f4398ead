import { badRequest, invalid } from "../http/status-error.ts";
import { notSupported } from "../field-causes.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import type { WriteScope } from "../writes/write-scope.ts";

/** Reads dryRun, fieldManager and fieldValidation, and refuses what Kubernetes refuses. */
export function writeScope(server: ServerContext, request: ResourceRequest): WriteScope {
  const { query, info, resource, user } = request;
  const manager = query.get("fieldManager") ?? "";
  if (manager.length > 128) {
    throw badRequest(`fieldManager: Too long: may not be more than 128 bytes`);
  }
  return {
    server,
    resource,
    namespace: resource.namespaced ? info.namespace : undefined,
    subresource: info.subresource,
    user,
    dryRun: dryRunOf(query.getAll("dryRun")),
    fieldManager: manager === "" ? managerFromAgent(request) : manager,
    fieldValidation: validationOf(query.get("fieldValidation") ?? ""),
    warnings: request.warnings,
  };
}

const OPTIONS = { group: "meta.k8s.io", plural: "options", kind: "CreateOptions" };

export function dryRunOf(values: readonly string[]): boolean {
  const bad = values.find((value) => value !== "All" && value !== "");
  if (bad !== undefined) {
    throw invalid(OPTIONS, "", [notSupported("dryRun", bad, ["All"])]);
  }
  return values.includes("All");
}

function validationOf(value: string): WriteScope["fieldValidation"] {
  if (value === "" || value === "Warn") return "Warn";
  if (value === "Ignore" || value === "Strict") return value;
  throw invalid(OPTIONS, "", [
    notSupported("fieldValidation", value, ["Ignore", "Strict", "Warn"]),
  ]);
}

/** A client that names no manager is known by the first part of its user agent. */
function managerFromAgent(request: ResourceRequest): string {
  const agent = request.incoming.headers["user-agent"] ?? "";
  return agent.split("/")[0]?.slice(0, 128) ?? "unknown";
}
