import type { Config } from "../config.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { ClusterAccess } from "./cluster-access.ts";

export type ClusterDeps = {
  readonly config: Config;
  readonly hub: LiveHub;
  readonly clusters: ClusterAccess;
};
