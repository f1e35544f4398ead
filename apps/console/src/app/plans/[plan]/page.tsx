import { Suspense } from "react";
import type { Metadata } from "next";
import { PlanScreen } from "../../../features/plans/plan-screen.tsx";

export const metadata: Metadata = { title: "Migration plan" };

// The export needs one page to write; the API serves it for every name.
export function generateStaticParams() {
  return [{ plan: "_" }];
}

export default function PlanPage() {
  return (
    <Suspense>
      <PlanScreen />
    </Suspense>
  );
}
