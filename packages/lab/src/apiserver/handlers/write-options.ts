import { invalid } from "../http/status-error.ts";
import type { Subject } from "../http/status-error.ts";
import { notSupported } from "../field-causes.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import type { WriteScope } from "../writes/write-scope.ts";

/** Reads dryRun, fieldManager and fieldValidation, and refuses what Kubernetes refuses. */
export function writeScope(server: ServerContext, request: ResourceRequest): WriteScope {
  const { query, info, resource, user } = request;
  const manager = query.get("fieldManager") ?? "";
  if (manager.length > 128) {
    const message = "Too long: may not be more than 128 bytes";
    throw invalid(optionsOf(request), "", [
      { reason: "FieldValueTooLong", message, field: "fieldManager" },
    ]);
  }
  return {
    server,
    resource,
    namespace: resource.namespaced ? info.namespace : undefined,
    subresource: info.subresource,
    user,
    dryRun: dryRunOf(query.getAll("dryRun"), optionsOf(request)),
    fieldManager: manager === "" ? managerFromAgent(request) : manager,
    fieldValidation: validationOf(request),
    warnings: request.warnings,
  };
}

const OPTIONS: Readonly<Record<string, string>> = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
  DELETE: "DeleteOptions",
};

function optionsOf({ incoming }: ResourceRequest): Subject {
  const kind = OPTIONS[incoming.method ?? ""] ?? "ListOptions";
  return { group: "meta.k8s.io", plural: kind.toLowerCase(), kind };
}

const DELETE_OPTIONS = { group: "meta.k8s.io", plural: "deleteoptions", kind: "DeleteOptions" };

/** Reads what a query, or the options of a deletion, say of a dry run. */
export function dryRunOf(values: readonly string[], options: Subject = DELETE_OPTIONS): boolean {
  if (values.some((value) => value !== "All" && value !== "")) {
    const shown = `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
    const message = `Unsupported value: ${shown}: supported values: "All"`;
    throw invalid(options, "", [{ reason: "FieldValueNotSupported", message, field: "dryRun" }]);
  }
  return values.includes("All");
}

function validationOf(request: ResourceRequest): WriteScope["fieldValidation"] {
  const value = request.query.get("fieldValidation") ?? "";
  if (value === "" || value === "Warn") return "Warn";
  if (value === "Ignore" || value === "Strict") return value;
  throw invalid(optionsOf(request), "", [
    notSupported("fieldValidation", value, ["Ignore", "Strict", "Warn"]),
  ]);
}

/** A client that names no manager is known by the first part of its user agent. */
function managerFromAgent(request: ResourceRequest): string {
  const agent = request.incoming.headers["user-agent"] ?? "";
  return agent.split("/")[0]?.slice(0, 128) ?? "unknown";
}
