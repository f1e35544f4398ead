import type { Metadata } from "next";
import { EditRepositoryScreen } from "../../../features/repositories/repository-pages.tsx";

export const metadata: Metadata = { title: "Edit replication repository" };

// The export needs one page to write; the API serves it for every name.
export function generateStaticParams() {
  return [{ name: "_" }];
}

export default function EditRepositoryPage() {
  return <EditRepositoryScreen />;
}
