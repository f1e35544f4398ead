import { forbidden } from "../http/status-error.ts";
import { fieldsOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { usageOf } from "../../quota/object-usage.ts";
import { unsaidBy } from "../../quota/pod-amounts.ts";
import { isInScope } from "../../quota/quota-scopes.ts";
import { describeAmounts, isMore, less, only, total } from "../../quota/resource-amounts.ts";
import type { Amounts } from "../../quota/resource-amounts.ts";
import { serverScope } from "../server-scope.ts";
import { saveObject } from "../writes/save-object.ts";
import type { WriteScope } from "../writes/write-scope.ts";

type Charge = { readonly quota: ApiObject; readonly requested: Amounts };

/** Resources whose objects may come to use more by a change. */
const GROWING = new Set(["services", "persistentvolumeclaims"]);

/**
 * Refuses what would go beyond a quota of the namespace. Gives back what notes the new use in the quotas, for when
 * the object is written.
 */
export function checkQuotas(
  scope: WriteScope,
  object: ApiObject,
  stored: ApiObject | undefined,
): () => void {
  const resource = scope.resource.storage;
  if (scope.namespace === undefined || scope.subresource !== undefined) return () => undefined;
  if (stored !== undefined && !GROWING.has(resource)) return () => undefined;
  const before = stored === undefined ? {} : usageOf(resource, stored);
  const asked = only(less(usageOf(resource, object), before), (_, amount) => isMore(amount, "0"));
  const charges: Charge[] = [];
  for (const { object: quota } of scope.server.store.list("resourcequotas", scope.namespace)) {
    if (!isInScope(quota, resource, object)) continue;
    const { hard } = amountsIn(quota);
    checkSaid(scope, object, { quota, hard });
    const requested = only(asked, (name) => hard[name] !== undefined);
    if (Object.keys(requested).length === 0) continue;
    checkLeft(scope, object, { quota, requested });
    charges.push({ quota, requested });
  }
  return () => {
    for (const charge of charges) write(scope, charge);
  };
}

function amountsIn(quota: ApiObject): { readonly hard: Amounts; readonly used: Amounts } {
  const status = fieldsOf(quota["status"]);
  return {
    hard: fieldsOf(status["hard"]) as Amounts,
    used: fieldsOf(status["used"]) as Amounts,
  };
}

/** What a quota limits has to be said by every container. */
function checkSaid(
  scope: WriteScope,
  object: ApiObject,
  { quota, hard }: { readonly quota: ApiObject; readonly hard: Amounts },
): void {
  if (scope.resource.storage !== "pods") return;
  const unsaid = unsaidBy(object, Object.keys(hard));
  if (unsaid.length === 0) return;
  const why = `failed quota: ${quota.metadata.name}: must specify ${unsaid.join(",")}`;
  throw forbidden(scope.resource, object.metadata.name, why);
}

function checkLeft(scope: WriteScope, object: ApiObject, { quota, requested }: Charge): void {
  const { hard, used } = amountsIn(quota);
  const { name } = quota.metadata;
  const unknown = Object.keys(requested).filter((resource) => used[resource] === undefined);
  if (unknown.length > 0) {
    const why = `status unknown for quota: ${name}, resources: ${unknown.sort().join(",")}`;
    throw forbidden(scope.resource, object.metadata.name, why);
  }
  const exceeded = only(total(used, requested), (resource, amount) => {
    const most = hard[resource];
    return requested[resource] !== undefined && most !== undefined && isMore(amount, most);
  });
  if (Object.keys(exceeded).length === 0) return;
  const shown = (amounts: Amounts): string =>
    describeAmounts(only(amounts, (resource) => exceeded[resource] !== undefined));
  const why = `exceeded quota: ${name}, requested: ${shown(requested)}, used: ${shown(used)}, limited: ${shown(hard)}`;
  throw forbidden(scope.resource, object.metadata.name, why);
}

function write(scope: WriteScope, { quota, requested }: Charge): void {
  const { server, namespace, dryRun } = scope;
  const resource = server.registry.find("v1", "resourcequotas");
  if (resource === undefined || dryRun) return;
  const status = fieldsOf(quota["status"]);
  const used = total(amountsIn(quota).used, requested);
  const changed = { ...quota, metadata: { ...quota.metadata }, status: { ...status, used } };
  saveObject(serverScope(server, resource, namespace), changed);
}
