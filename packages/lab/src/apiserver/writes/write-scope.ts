import type { ApiObject } from "../json.ts";
import type { UserInfo } from "../auth/user-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { ServerContext } from "../server-context.ts";

/** What a write is done with: the resource and namespace it concerns, who does it, and how. */
export type WriteScope = {
  readonly server: ServerContext;
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly subresource: string | undefined;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
  readonly warnings: string[];
  /** Notes who owns which field; a create or update by this scope's manager when absent. */
  readonly track?: (object: ApiObject, stored: ApiObject | undefined) => void;
};
