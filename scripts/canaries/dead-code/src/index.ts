import { used } from "./half-used.ts";

export const answer = used;
