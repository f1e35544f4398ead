import { Suspense } from "react";
import type { Metadata } from "next";
import { MigrationScreen } from "../../../../../features/migrations/migration-screen.tsx";

export const metadata: Metadata = { title: "Migration" };

// The export needs one page to write; the API serves it for every name.
export function generateStaticParams() {
  return [{ plan: "_", migration: "_" }];
}

export default function MigrationPage() {
  return (
    <Suspense>
      <MigrationScreen />
    </Suspense>
  );
}
