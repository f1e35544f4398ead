/** A person who can sign in to the lab. */
export type Account = {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
  readonly fullName?: string;
};
