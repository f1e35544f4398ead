import { Suspense } from "react";
import type { Metadata } from "next";
import { RepositoriesScreen } from "../../features/repositories/repositories-screen.tsx";

export const metadata: Metadata = { title: "Replication repositories" };

export default function RepositoriesPage() {
  return (
    <Suspense>
      <RepositoriesScreen />
    </Suspense>
  );
}
