import { User } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { Account } from "../account.ts";
import { sameText } from "./csrf.ts";

/** The account with this name and password. Takes the same time whichever of the two is wrong. */
export function findAccount(
  accounts: readonly Account[],
  username: string,
  password: string,
): Account | undefined {
  const account = accounts.find((candidate) => candidate.username === username);
  const isRight = sameText(account?.password ?? "", password);
  return isRight ? account : undefined;
}

/** The User object of an account, made when the person signs in for the first time. */
export async function ensureUser(cluster: Cluster, account: Account): Promise<User> {
  return cluster.apply(
    User,
    {
      apiVersion: "user.openshift.io/v1",
      kind: "User",
      metadata: { name: account.username },
      ...(account.fullName === undefined ? {} : { fullName: account.fullName }),
      identities: [`lab:${account.username}`],
    },
    { fieldManager: "drover-lab" },
  );
}
