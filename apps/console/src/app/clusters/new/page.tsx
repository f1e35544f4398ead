import type { Metadata } from "next";
import { NewClusterScreen } from "../../../features/clusters/cluster-pages.tsx";

export const metadata: Metadata = { title: "Add cluster" };

export default function NewClusterPage() {
  return <NewClusterScreen />;
}
