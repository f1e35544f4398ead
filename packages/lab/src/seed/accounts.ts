import type { Account } from "../openshift/account.ts";

/** Who can sign in to the lab. The passwords are public on purpose: the lab listens on loopback only. */
export const accounts: readonly Account[] = [
  {
    username: "admin",
    password: "admin",
    groups: ["system:cluster-admins"],
    fullName: "Ada Admin",
  },
  { username: "dev", password: "dev", groups: [], fullName: "Dev Eloper" },
];
