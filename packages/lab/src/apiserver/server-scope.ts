import type { ResourceInfo } from "./resources/resource-info.ts";
import type { ServerContext } from "./server-context.ts";
import type { WriteScope } from "./writes/write-scope.ts";

/** The scope of a write the server makes on its own account. */
export function serverScope(
  server: ServerContext,
  resource: ResourceInfo,
  namespace: string | undefined,
): WriteScope {
  return {
    server,
    resource,
    namespace,
    subresource: undefined,
    user: { username: "system:apiserver", groups: ["system:masters"] },
    dryRun: false,
    fieldManager: "kube-apiserver",
    fieldValidation: "Ignore",
    warnings: [],
  };
}
