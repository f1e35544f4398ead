import { parse } from "yaml";

export const settings = (): unknown => parse("");
