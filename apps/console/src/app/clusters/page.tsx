import { Suspense } from "react";
import type { Metadata } from "next";
import { ClustersScreen } from "../../features/clusters/clusters-screen.tsx";

export const metadata: Metadata = { title: "Clusters" };

export default function ClustersPage() {
  return (
    <Suspense>
      <ClustersScreen />
    </Suspense>
  );
}
