import type { Config } from "../config.ts";
import type { LiveHub } from "../live/live-hub.ts";

export type PlanDeps = { readonly config: Config; readonly hub: LiveHub };
