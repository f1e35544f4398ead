import type { Metadata } from "next";
import { NewPlanScreen } from "../../../features/plans/wizard/new-plan-screen.tsx";

export const metadata: Metadata = { title: "Create a migration plan" };

export default function NewPlanPage() {
  return <NewPlanScreen />;
}
