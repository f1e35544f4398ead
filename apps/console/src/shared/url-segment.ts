"use client";

import { usePathname } from "next/navigation";

/**
 * One segment of the address, counted from 0: in `/plans/ledger` segment 1 is `ledger`.
 * The static export knows dynamic pages only as `_`, so `useParams` cannot tell the name; the address can.
 */
export function useSegment(index: number): string {
  return decodeURIComponent(usePathname().split("/")[index + 1] ?? "");
}
