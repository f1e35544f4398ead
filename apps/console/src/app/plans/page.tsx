import { Suspense } from "react";
import type { Metadata } from "next";
import { PlansScreen } from "../../features/plans/plans-screen.tsx";

export const metadata: Metadata = { title: "Migration plans" };

export default function PlansPage() {
  return (
    <Suspense>
      <PlansScreen />
    </Suspense>
  );
}
