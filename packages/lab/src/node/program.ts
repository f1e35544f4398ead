import type { Writable } from "node:stream";

/** One volume as a container sees it. */
export type PodMount = {
  readonly volume: string;
  readonly mountPath: string;
  /** The real directory or file behind `mountPath`; `subPath` is already part of it. */
  readonly realPath: string;
  readonly readOnly: boolean;
};

export type ChildOptions = {
  /** A real directory; the container's working directory when absent. */
  readonly cwd?: string;
  /** Added to the container's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes the child reads; nothing when absent. */
  readonly input?: string;
};

/** What a program of the lab knows about the container it runs as. */
export type PodContext = {
  readonly cluster: string;
  readonly namespace: string;
  /** The pod's name. */
  readonly name: string;
  readonly uid: string;
  /** The container's name. */
  readonly container: string;
  readonly image: string;
  readonly podIP: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `command` of the container with `$(NAME)` filled in; empty means the image's own. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The real directory that stands for `/` in this container; mounts are links below it. */
  readonly rootDir: string;
  readonly mounts: readonly PodMount[];
  /** Where a connection to a host and port goes: hosts of Routes lead to the router of their cluster. */
  resolve(host: string, port: number): { readonly host: string; readonly port: number };
  /** The real path of a path inside the container. */
  path(containerPath: string): string;
  /** Both streams go to the container's log, line by line. */
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Writes one line to the container's log. */
  log(line: string): void;
  /** SIGTERM: end soon. The container is killed when its grace period is over. */
  readonly signal: AbortSignal;
  /** SIGKILL: whatever the program started must be gone when it returns. */
  readonly killed: AbortSignal;
  /**
   * Runs a real program with the container's environment plus PATH, its output in the container's log.
   * SIGTERM and SIGKILL are passed on. Resolves to the exit code (128 + signal number when killed).
   */
  run(file: string, args: readonly string[], options?: ChildOptions): Promise<number>;
};

/**
 * What a container image does in the lab: an async function that resolves to the exit code. It must end soon after
 * `pod.signal` aborts. A throw is exit code 1 with the message in the log.
 */
export type Program = (pod: PodContext) => Promise<number>;
