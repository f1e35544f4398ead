import { row } from "../features/clusters/row.tsx";
export const frame = row;
