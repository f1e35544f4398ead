"use client";

import dynamic from "next/dynamic";
import { SkeletonForm } from "../../../shared/ui/skeleton-form.tsx";

// The draft lives in the browser, so there is nothing to render ahead of time.
export const NewPlanScreen = dynamic(async () => (await import("./plan-wizard.tsx")).PlanWizard, {
  ssr: false,
  loading: () => <SkeletonForm />,
});
