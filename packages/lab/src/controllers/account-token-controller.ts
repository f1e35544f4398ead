import { createHash } from "node:crypto";
import { Secret, ServiceAccount } from "@drover/crds";
import { isDeleting, keyOf, nameOf, namespaceOf, typeOf, uidOf } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";
import { ACCOUNT_NAME, TOKEN_TYPE } from "./service-account-controllers.ts";

/**
 * Gives every service account a token Secret, as Kubernetes did before 1.24: its API server lets no pod in whose
 * account has none. What is in the Secret comes from the token Secret controller.
 */
export function accountTokenController(view: ClusterView): Controller {
  return {
    name: "account-token-controller",
    triggers: [onChangeOf(ServiceAccount, (account) => [keyOf(account)])],
    async reconcile(key) {
      const account = view.watch(ServiceAccount).find(key);
      if (account === undefined || isDeleting(account)) return undefined;
      const name = tokenName(account);
      const { secrets = [] } = account;
      if (secrets.some((secret) => secret.name === name)) return undefined;
      const annotations = { [ACCOUNT_NAME]: nameOf(account) };
      const metadata = { name, namespace: namespaceOf(account), annotations };
      await view.create(Secret, { ...typeOf(Secret), metadata, type: TOKEN_TYPE } as Secret);
      const { resourceVersion } = account.metadata;
      const body = { metadata: { resourceVersion }, secrets: [...secrets, { name }] };
      await view.change(ServiceAccount, account, body);
      return undefined;
    },
  };
}

/** The same one at every pass, and another one for the next account of that name. */
function tokenName(account: ServiceAccount): string {
  const suffix = createHash("sha256").update(uidOf(account)).digest("hex").slice(0, 5);
  return `${nameOf(account)}-token-${suffix}`;
}
