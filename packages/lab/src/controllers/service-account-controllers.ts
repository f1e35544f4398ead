import { ConfigMap, Namespace, Secret, ServiceAccount } from "@drover/crds";
import { isDeleting, keyOf, nameOf, namespaceOf, refOf, typeOf } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";

/** The type of Secrets that hold the token of an account. */
export const TOKEN_TYPE = "kubernetes.io/service-account-token";
/** Names the account of such a Secret. */
export const ACCOUNT_NAME = "kubernetes.io/service-account.name";
const ACCOUNT_UID = "kubernetes.io/service-account.uid";
const ROOT_CA = "kube-root-ca.crt";

/** Gives every namespace the ServiceAccount `default`. */
export function defaultAccountController(view: ClusterView): Controller {
  return {
    name: "default-service-account-controller",
    triggers: [
      onChangeOf(Namespace, (namespace) => [nameOf(namespace)]),
      onChangeOf(ServiceAccount, (account) => [namespaceOf(account)]),
    ],
    async reconcile(namespace) {
      if (!isLive(view, namespace)) return undefined;
      if (view.watch(ServiceAccount).find(`${namespace}/default`) !== undefined) return undefined;
      const metadata = { name: "default", namespace };
      await view.create(ServiceAccount, { ...typeOf(ServiceAccount), metadata } as ServiceAccount);
      return undefined;
    },
  };
}

/** Gives every namespace the certificate authority of the API server, for programs in it. */
export function rootCaController(view: ClusterView, caPem: string): Controller {
  return {
    name: "root-ca-controller",
    triggers: [
      onChangeOf(Namespace, (namespace) => [nameOf(namespace)]),
      onChangeOf(ConfigMap, (map) => (nameOf(map) === ROOT_CA ? [namespaceOf(map)] : [])),
    ],
    async reconcile(namespace) {
      if (!isLive(view, namespace)) return undefined;
      const known = view.watch(ConfigMap).find(`${namespace}/${ROOT_CA}`);
      const data = { "ca.crt": caPem };
      if (known === undefined) {
        const metadata = { name: ROOT_CA, namespace };
        await view.create(ConfigMap, { ...typeOf(ConfigMap), metadata, data } as ConfigMap);
      } else if (known.data?.["ca.crt"] !== caPem) {
        await view.change(ConfigMap, known, { data });
      }
      return undefined;
    },
  };
}

export type TokenSigner = (account: ServiceAccount, secretName: string) => string;

/** Fills the token Secrets of service accounts, and removes those whose account is gone. */
export function tokenSecretController(
  view: ClusterView,
  given: { readonly caPem: string; readonly signToken: TokenSigner },
): Controller {
  return {
    name: "token-secret-controller",
    triggers: [
      onChangeOf(Secret, (secret) => (secret.type === TOKEN_TYPE ? [keyOf(secret)] : [])),
      onChangeOf(ServiceAccount, (account) =>
        view
          .watch(Secret)
          .list(namespaceOf(account))
          .filter((secret) => accountNameOf(secret) === nameOf(account))
          .map(keyOf),
      ),
    ],
    async reconcile(key) {
      const secret = view.watch(Secret).find(key);
      if (secret === undefined || !isTokenSecret(secret)) return undefined;
      const { namespace = "" } = refOf(key);
      const ref = { name: accountNameOf(secret), namespace };
      const account = await view.cluster.find(ServiceAccount, ref);
      if (account === undefined || isOfAnother(secret, account)) {
        await view.remove(Secret, secret);
        return undefined;
      }
      if (isFilled(secret)) return undefined;
      await view.change(Secret, secret, {
        metadata: { annotations: { [ACCOUNT_UID]: account.metadata.uid } },
        data: {
          "ca.crt": base64(given.caPem),
          namespace: base64(namespace),
          token: base64(given.signToken(account, nameOf(secret))),
        },
      });
      return undefined;
    },
  };
}

function isTokenSecret(secret: Secret): boolean {
  return secret.type === TOKEN_TYPE && !isDeleting(secret);
}

/** Made for an account of the same name that is gone. */
function isOfAnother(secret: Secret, account: ServiceAccount): boolean {
  const uid = secret.metadata.annotations?.[ACCOUNT_UID];
  return uid !== undefined && uid !== account.metadata.uid;
}

function isFilled(secret: Secret): boolean {
  return (
    secret.data?.["token"] !== undefined && secret.metadata.annotations?.[ACCOUNT_UID] !== undefined
  );
}

function accountNameOf(secret: Secret): string {
  return secret.metadata.annotations?.[ACCOUNT_NAME] ?? "";
}

function isLive(view: ClusterView, name: string): boolean {
  const namespace = view.watch(Namespace).find(name);
  return namespace !== undefined && !isDeleting(namespace);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
