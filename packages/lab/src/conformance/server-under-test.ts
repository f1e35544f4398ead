/** A Kubernetes API server the conformance cases are run against: the lab's, or a real one. */
export type ServerUnderTest = {
  readonly name: string;
  /** What it says of itself, without the v: `1.20.2`. */
  readonly version: string;
  readonly url: string;
  readonly caPem: string;
  /** A token of a member of system:masters. */
  readonly adminToken: string;
  /** A token of a user without any rights, and the name of that user. */
  readonly outsider: { readonly token: string; readonly username: string };
  /** True when something collects garbage, empties namespaces and makes service accounts. */
  readonly hasControllers: boolean;
  /** Forgets history, so that old resource versions and continue tokens expire; absent where one cannot ask for it. */
  readonly compact?: () => Promise<void>;
};

/** A server under test that we started, and have to stop. */
export type RunningServer = {
  readonly server: ServerUnderTest;
  close(): Promise<void>;
};
