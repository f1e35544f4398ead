import type { Permission, PermissionVerdict, Session } from "@drover/contract";
import type { AccessRule } from "../access/access-rule.ts";
import { administrators, all, may, maySecrets } from "../access/access-rule.ts";
import type { Actor } from "../access/actor.ts";
import type { SessionDeps } from "./session-deps.ts";

const rightBehind: Record<Permission, AccessRule> = {
  "clusters.write": all(may("create", "migclusters"), maySecrets("create")),
  "storages.write": all(may("create", "migstorages"), maySecrets("create")),
  "plans.write": may("create", "migplans"),
  "migrations.write": may("create", "migmigrations"),
  "hooks.write": may("create", "mighooks"),
  "audit.read": administrators,
};

async function verdictOn(
  { config, reviewer }: Pick<SessionDeps, "config" | "reviewer">,
  actor: Actor,
  rule: AccessRule,
): Promise<PermissionVerdict> {
  if (rule.kind !== "may") return { allowed: true };
  return reviewer.reviewAll(actor, rule.questions(config, {}));
}

/** Who is signed in, to what, with which rights. */
export async function describeSession(
  deps: Pick<SessionDeps, "config" | "reviewer" | "host">,
  actor: Actor,
  product: Session["product"],
): Promise<Session> {
  const { config, host } = deps;
  const entries = Object.entries(rightBehind) as [Permission, AccessRule][];
  const [version, verdicts] = await Promise.all([
    host.version(),
    Promise.all(
      entries.map(async ([name, rule]) => [name, await verdictOn(deps, actor, rule)] as const),
    ),
  ]);
  return {
    user: { name: actor.name, groups: [...actor.session.groups] },
    expiresAt: actor.session.expiresAt.toISOString(),
    csrfToken: actor.session.csrfToken,
    permissions: Object.fromEntries(verdicts) as Session["permissions"],
    host: { name: "host", url: host.url, version: version.gitVersion },
    namespace: config.namespace,
    product,
  };
}
