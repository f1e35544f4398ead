import type { Metadata } from "next";
import { EditClusterScreen } from "../../../features/clusters/cluster-pages.tsx";

export const metadata: Metadata = { title: "Edit cluster" };

// The export needs one page to write; the API serves it for every name.
export function generateStaticParams() {
  return [{ name: "_" }];
}

export default function EditClusterPage() {
  return <EditClusterScreen />;
}
