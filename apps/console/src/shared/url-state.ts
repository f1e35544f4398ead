"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";

/** What a page shows, kept in its address, so that a link opens the same view tomorrow. */
export function useUrlState(): {
  readonly get: (key: string) => string | undefined;
  /** Sets some values, removing those that are undefined, without a new entry in the history. */
  readonly set: (values: Readonly<Record<string, string | undefined>>) => void;
} {
  const router = useRouter();
  const pathname = usePathname();
  const parameters = useSearchParams();
  return {
    get: (key) => parameters.get(key) ?? undefined,
    set: (values) => {
      const next = new URLSearchParams(parameters);
      for (const [key, value] of Object.entries(values)) {
        if (value === undefined || value === "") next.delete(key);
        else next.set(key, value);
      }
      const query = next.toString();
      router.replace(query === "" ? pathname : `${pathname}?${query}`, { scroll: false });
    },
  };
}
