import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "@drover/crds";
import { labKind, nameOf } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";
import { matchesLabels } from "../node/runtime/label-match.ts";

type ClusterRole = KubeObject & {
  rules?: readonly object[] | null;
  aggregationRule?: {
    clusterRoleSelectors?: readonly { matchLabels?: Record<string, string> }[];
  };
};
const ClusterRole = labKind<ClusterRole>("rbac.authorization.k8s.io", "ClusterRole", {
  namespaced: false,
});

/** Keeps the rules of aggregated ClusterRoles: those of every role their selectors match. */
export function roleAggregationController(view: ClusterView): Controller {
  return {
    name: "clusterrole-aggregation-controller",
    triggers: [
      onChangeOf(ClusterRole, () =>
        view
          .watch(ClusterRole)
          .list()
          .filter((role) => role.aggregationRule !== undefined)
          .map(nameOf),
      ),
    ],
    async reconcile(name) {
      const role = view.watch(ClusterRole).find(name);
      const selectors = role?.aggregationRule?.clusterRoleSelectors;
      if (role === undefined || selectors === undefined) return undefined;
      const rules = aggregated(view, role, selectors);
      if (!isDeepStrictEqual(rules, role.rules ?? []))
        await view.change(ClusterRole, role, { rules });
      return undefined;
    },
  };
}

function aggregated(
  view: ClusterView,
  role: ClusterRole,
  selectors: readonly { matchLabels?: Record<string, string> }[],
): object[] {
  const rules: object[] = [];
  const others = view.watch(ClusterRole).list();
  for (const { matchLabels = {} } of selectors) {
    const matching = others
      .filter((other) => other !== role && nameOf(other) !== nameOf(role))
      .filter((other) => matchesLabels(matchLabels, other.metadata.labels))
      .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
    for (const rule of matching.flatMap((other) => other.rules ?? [])) {
      if (!rules.some((known) => isDeepStrictEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
