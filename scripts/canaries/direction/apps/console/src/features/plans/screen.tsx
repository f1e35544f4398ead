import { row } from "../clusters/row.tsx";
import { page } from "../../app/page.tsx";
import { pair } from "../../composites/pair.tsx";
import { kube } from "../../../../../packages/kube/src/index.ts";
export const screen = [row, page, pair, kube];
